/** Nodes that compute with sizes: `_operator.mul`, `math.trunc`, `torch.sym_max`. */
import { Fault } from '../file/fault';
import type { Argument, Node } from '../file/types';
import { functions, operators, type Scalar } from '../numbers';
import type { Values } from './binding';
import type { Place, Run } from './step';

function functionOf(target: string): (...values: Scalar[]) => Scalar {
  const [, room, name = ''] = /^(_operator|math|torch\.sym)[._](\w+)$/.exec(target) ?? [];
  const table = room === '_operator' ? operators : room === undefined ? {} : functions;
  if (!Object.hasOwn(table, name)) throw new Fault('its target is no operator of libtorch and no function of sizes');
  return table[name] as (...values: Scalar[]) => Scalar;
}

/** A node whose result is a number. */
export function symbolStep(node: Node, { slots, step }: Place): Run {
  const compute = functionOf(node.target);
  const read = (argument: Argument): ((values: Values) => Scalar) => {
    if (argument.kind === 'name' && argument.of !== 'tensor') {
      const slot = slots.use(argument.name, step);
      return (values) => values[slot] as Scalar;
    }
    if ((argument.kind === 'plain' && typeof argument.value !== 'string') || argument.kind === 'float') {
      const value = argument.value as Scalar;
      return () => value;
    }
    throw new Fault(`a ${argument.kind} is no number`);
  };
  const flat = node.inputs.flatMap(({ argument }) => (argument.kind === 'list' ? argument.items : [argument]));
  const readers = flat.map(read);
  const [output] = node.outputs;
  if (output?.kind !== 'name') throw new Fault('it has no result');
  const result = slots.add(output.name, step, true);
  return (values) => {
    values[result] = compute(...readers.map((reader) => reader(values)));
  };
}
