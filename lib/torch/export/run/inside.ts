/** Graphs inside of nodes: what they get, how they run, and where their results go. */
import { native } from '../../native';
import { Fault } from '../file/fault';
import type { Argument, Node } from '../file/types';
import type { Values } from './binding';
import { type Compiled, type Place, run } from './step';

/** The graph that is an argument. */
export function graphAt(args: readonly Argument[], index: number, place: Place): Compiled {
  const argument = args[index];
  if (argument?.kind !== 'graph') throw new Fault(`its argument ${index} is no graph`);
  return place.compile(argument.graph);
}

/** A known value that is an argument. */
export function plainAt(args: readonly Argument[], index: number): unknown {
  const argument = args[index];
  if (argument?.kind === 'none') return null;
  if (argument?.kind !== 'plain') throw new Fault(`its argument ${index} is not a known value`);
  return argument.value;
}

/** Reads what a graph inside gets: values of this graph, or known ones. */
export function operands(args: readonly Argument[], { slots, step }: Place): ((values: Values) => unknown)[] {
  return args
    .flatMap((argument) => (argument.kind === 'list' ? argument.items : [argument]))
    .map((argument) => {
      if (argument.kind === 'name') {
        const slot = slots.use(argument.name, step);
        return (values: Values) => values[slot];
      }
      if (argument.kind === 'plain' || argument.kind === 'float') return () => argument.value;
      if (argument.kind === 'none') return () => null;
      throw new Fault(`a ${argument.kind} is no argument of a graph`);
    });
}

/** A tensor of its own for the same values. */
export const alias: (handle: unknown) => number = native.op('aten::alias');

/** Runs a graph inside; its outputs, tensors owned by who asks. */
export function runInside(program: Compiled, inputs: readonly unknown[]): unknown[] {
  const inside: Values = new Array<unknown>(program.size);
  for (let i = 0; i < inputs.length; i++) inside[i] = inputs[i];
  run(program, inside);
  const given = new Set<number>();
  return program.outputs.map((output) => {
    if (!('slot' in output)) return output.value;
    const value = inside[output.slot];
    if (output.of !== 'tensor') return value;
    const first = program.owns(output.slot) && !given.has(output.slot);
    given.add(output.slot);
    return first ? value : alias(value);
  });
}

/** Where a graph's outputs go. */
export function taker(node: Node, { slots, step }: Place): (values: Values, results: readonly unknown[]) => void {
  const outputs = node.outputs.flatMap((output) => (output.kind === 'list' ? output.items : [output]));
  const places = outputs.map((output) =>
    output.kind === 'name' ? slots.add(output.name, step, output.of !== 'tensor') : -1,
  );
  return (values, results) => {
    for (const [i, slot] of places.entries()) if (slot >= 0) values[slot] = results[i];
  };
}
