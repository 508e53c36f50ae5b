/** Graphs made ready to run: each node's operator is looked up and its arguments are read once. */
import { Fault } from '../file/fault';
import type { Argument, Graph, Node } from '../file/types';
import { higherOrderStep } from './higher_order';
import { operatorStep } from './operator';
import { Slots } from './slots';
import type { Compiled, Output, Run } from './step';
import { symbolStep } from './symbol';

/** How the nodes of a target's beginning are compiled, the first that fits. */
const KINDS = [
  ['torch.ops.higher_order.', higherOrderStep],
  ['torch.ops.', operatorStep],
  ['', symbolStep],
] as const;

function compileNode(node: Node, slots: Slots, step: number, unsupported: string[]): Run {
  const [, compile] = KINDS.find(([prefix]) => node.target.startsWith(prefix)) as (typeof KINDS)[number];
  try {
    return compile(node, { slots, step, compile: (graph) => compileInto(graph, unsupported) });
  } catch (error) {
    unsupported.push(`${node.name} (${node.target}): ${(error as Error).message}`);
    // Later nodes are looked at, too, so that all that is missing is named at once.
    for (const name of namesOf(node.outputs)) if (!slots.has(name)) slots.add(name, step);
    return () => {};
  }
}

/** Names that results get. */
export function namesOf(outputs: readonly Argument[]): string[] {
  return outputs.flatMap((output) =>
    output.kind === 'name' ? [output.name] : output.kind === 'list' ? namesOf(output.items) : [],
  );
}

function compileOutput(output: Argument, slots: Slots): Output {
  switch (output.kind) {
    case 'name':
      return { slot: slots.use(output.name, Number.POSITIVE_INFINITY), of: output.of };
    case 'none':
      return { value: null };
    case 'plain':
    case 'float':
    case 'complex':
      return { value: output.value };
    default:
      throw new Fault(output.kind === 'other' ? output.what : `a ${output.kind} is no output`);
  }
}

function compileInto(graph: Graph, unsupported: string[]): Compiled {
  const slots = new Slots();
  for (const [i, input] of graph.inputs.entries()) {
    slots.add(input.kind === 'name' ? input.name : ` ${i}`, 0, true);
  }
  const runs = graph.nodes.map((node, step) => compileNode(node, slots, step, unsupported));
  const outputs = graph.outputs.map((output) => compileOutput(output, slots));
  const frees = slots.frees(runs.length);
  return { inputs: graph.inputs.length, size: slots.size, runs, frees, outputs, owns: (slot) => slots.owns(slot) };
}

/**
 * A graph that is ready to run.
 * @throws Fault that names every node that cannot be
 */
export function compileGraph(graph: Graph, at: string): Compiled {
  const unsupported: string[] = [];
  let compiled: Compiled | undefined;
  try {
    compiled = compileInto(graph, unsupported);
  } catch (error) {
    if (unsupported.length === 0) throw new Fault(`${at}: ${(error as Error).message}`);
  }
  if (compiled !== undefined && unsupported.length === 0) return compiled;
  throw new Fault(
    `${at}: isotorch cannot run ${unsupported.length === 1 ? 'this node' : 'these nodes'}: ${unsupported.join('; ')}`,
  );
}
