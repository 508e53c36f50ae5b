/** `torch.cond`: one of two graphs, by a value. */
import { Function as AutogradFunction } from '../../autograd';
import { handleOf, type Tensor, wrap } from '../../memory';
import { native } from '../../native';
import { zeros_like } from '../../generated/functions';
import type { Argument, Graph, Node } from '../file/types';
import type { Values } from './binding';
import { alias, graphAt, operands, runInside, taker } from './inside';
import type { Place, Run } from './step';

/** What passes outputs through, and gives zeros as the gradient of tensors that they do not depend on. */
class WithUnused extends AutogradFunction {
  static override forward(ctx: Context, count: number, ...tensors: Tensor[]): Tensor[] {
    ctx.save_for_backward(...tensors.slice(count));
    return tensors.slice(0, count).map((tensor) => wrap(alias(handleOf(tensor))));
  }

  static override backward(ctx: Context, ...grads: Tensor[]): (Tensor | null)[] {
    return [null, ...grads, ...ctx.saved_tensors.map((tensor) => zeros_like(tensor))];
  }
}

type Context = { save_for_backward(...tensors: Tensor[]): void; readonly saved_tensors: readonly Tensor[] };

/** Names that a graph's nodes and outputs read. */
function usedNames(graph: Graph): Set<string> {
  const names = new Set<string>();
  const visit = (argument: Argument): void => {
    if (argument.kind === 'name') names.add(argument.name);
    if (argument.kind === 'list') argument.items.forEach(visit);
  };
  for (const node of graph.nodes) for (const { argument } of node.inputs) visit(argument);
  graph.outputs.forEach(visit);
  return names;
}

/** Which inputs of a branch nothing depends on. */
function unusedInputs(argument: Argument | undefined): boolean[] {
  if (argument?.kind !== 'graph') return [];
  const used = usedNames(argument.graph);
  return argument.graph.inputs.map((input) => input.kind === 'name' && input.of === 'tensor' && !used.has(input.name));
}

/** Outputs through which the unused inputs get zeros as their gradients: as in Python, both branches give all of them. */
function connect(outputs: unknown[], unused: readonly number[]): unknown[] {
  const needed = unused.filter((handle) => native.requires_grad(handle));
  if (needed.length === 0 || !native.is_grad_enabled()) return outputs;
  const tensors = outputs.map((output) => wrap(output as number));
  const others = needed.map((handle) => wrap(alias(handle)));
  const connected = WithUnused.apply(tensors.length, ...tensors, ...others) as Tensor[];
  return connected.map((tensor) => alias(handleOf(tensor)));
}

/** A node that runs the first graph where its value is true, else the second. */
export function condStep(node: Node, args: readonly Argument[], place: Place): Run {
  const [predicate] = args;
  const [chosen] = operands(args.slice(0, 1), place);
  const branches = [graphAt(args, 1, place), graphAt(args, 2, place)] as const;
  const unused = [unusedInputs(args[1]), unusedInputs(args[2])] as const;
  const inputs = operands(args.slice(3), place);
  const take = taker(node, place);
  const isTensor = predicate?.kind === 'name' && predicate.of === 'tensor';
  return (values: Values) => {
    const value = chosen!(values);
    const branch = Number(isTensor ? native.item(value as number) : value) === 0 ? 1 : 0;
    const given = inputs.map((input) => input(values));
    const outputs = runInside(branches[branch], given);
    const left = given.filter((_, i) => unused[branch][i]) as number[];
    take(values, connect(outputs, left));
  };
}
