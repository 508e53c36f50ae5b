/** Nodes that run graphs of their own: `torch.ops.higher_order.*`. */
import { autocast } from '../../amp';
import { dtypeOf } from '../../core';
import { native } from '../../native';
import { Fault } from '../file/fault';
import type { Argument, Node } from '../file/types';
import { condStep } from './cond';
import { graphAt, operands, plainAt, runInside, taker } from './inside';
import type { Place, Run } from './step';

type Compile = (node: Node, args: readonly Argument[], place: Place) => Run;

/** `around` runs the graph in some mode. */
function wrapping(
  node: Node,
  args: readonly Argument[],
  graph: number,
  place: Place,
  around: (body: () => void) => void,
): Run {
  const program = graphAt(args, graph, place);
  const inputs = operands(args.slice(graph + 1), place);
  if (inputs.length !== program.inputs)
    throw new Fault(`its graph takes ${program.inputs} arguments, not ${inputs.length}`);
  const take = taker(node, place);
  return (values) => {
    const given = inputs.map((input) => input(values));
    around(() => take(values, runInside(program, given)));
  };
}

const kinds: Readonly<Record<string, Compile>> = {
  wrap_with_set_grad_enabled: (node, args, place) => {
    const enabled = plainAt(args, 0) === true;
    return wrapping(node, args, 1, place, (body) => {
      const before = native.is_grad_enabled();
      native.set_grad_enabled(enabled);
      try {
        body();
      } finally {
        native.set_grad_enabled(before);
      }
    });
  },
  wrap_with_autocast: (node, args, place) => {
    const [device, dtype, enabled, cache] = [0, 1, 2, 3].map((index) => plainAt(args, index));
    const options = {
      dtype: dtype === null ? null : dtypeOf(dtype as number),
      enabled: enabled === true,
      cache_enabled: cache as boolean | null,
    };
    return wrapping(node, args, 4, place, (body) => autocast(String(device), options, body));
  },
  cond: condStep,
};

/** A node that runs graphs of its own. */
export function higherOrderStep(node: Node, place: Place): Run {
  const name = node.target.slice('torch.ops.higher_order.'.length);
  if (!Object.hasOwn(kinds, name)) throw new Fault('this higher-order operator is not supported');
  return (kinds[name] as Compile)(
    node,
    node.inputs.map(({ argument }) => argument),
    place,
  );
}
