/** A graph that is ready to run, and how it runs. */
import { native } from '../../native';
import type { Graph, NameOf } from '../file/types';
import type { Values } from './binding';
import type { Slots } from './slots';

/** One node's work. */
export type Run = (values: Values) => void;

/** An output: what a slot holds, or a value that is known. */
export type Output = { readonly slot: number; readonly of: NameOf } | { readonly value: unknown };

/** Steps between inputs, which are the first slots, and outputs. */
export interface Compiled {
  readonly inputs: number;
  /** Number of slots. */
  readonly size: number;
  readonly runs: readonly Run[];
  /** Slots whose tensors are not needed after each step. */
  readonly frees: readonly (readonly number[])[];
  readonly outputs: readonly Output[];
  /** Whether the slot's tensor was made here; else it is an input's. */
  owns(slot: number): boolean;
}

/** Where a node is compiled. */
export interface Place {
  readonly slots: Slots;
  /** Number of the node. */
  readonly step: number;
  compile(graph: Graph): Compiled;
}

function free(values: Values, slot: number): void {
  const handle = values[slot];
  values[slot] = undefined;
  if (typeof handle === 'number' && handle !== 0) native.release(handle);
}

/** Gives back what a run made, but for `kept`. */
function freeAll(program: Compiled, values: Values): void {
  for (let slot = program.inputs; slot < program.size; slot++) {
    if (tensorSlots(program).has(slot)) free(values, slot);
  }
}

const known = new WeakMap<Compiled, ReadonlySet<number>>();

/** Slots of tensors that a graph owns: those that some step frees, and those of its outputs. */
function tensorSlots(program: Compiled): ReadonlySet<number> {
  let slots = known.get(program);
  if (slots === undefined) {
    const outputs = program.outputs.flatMap((output) =>
      'slot' in output && output.of === 'tensor' ? [output.slot] : [],
    );
    slots = new Set([...program.frees.flat(), ...outputs.filter((slot) => program.owns(slot))]);
    known.set(program, slots);
  }
  return slots;
}

/** Runs a graph on values whose first slots hold the inputs. Afterwards only those of the outputs are held. */
export function run(program: Compiled, values: Values): void {
  const { runs, frees } = program;
  try {
    for (let i = 0; i < runs.length; i++) {
      (runs[i] as Run)(values);
      const unneeded = frees[i] as readonly number[];
      for (let k = 0; k < unneeded.length; k++) free(values, unneeded[k] as number);
    }
  } catch (error) {
    freeAll(program, values);
    throw error;
  }
}
