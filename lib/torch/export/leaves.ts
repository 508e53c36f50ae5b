/** A call's leaves: what is known of them beforehand, and what they are. */
import { handleOf, isTensor, takeList } from '../memory';
import { native } from '../native';
import type { InputSpec, ProgramFile, SymInt } from './file/types';
import { typeName } from '../core';

/** A call's leaves, and the sizes of those that are tensors. */
export class Leaves {
  readonly #sizes: (number[] | undefined)[] = [];

  constructor(readonly values: readonly unknown[]) {}

  size(leaf: number, dimension: number): number {
    const sizes = this.sizes(leaf);
    const found = sizes[dimension];
    if (found === undefined) throw new RangeError('tuple index out of range');
    return found;
  }

  sizes(leaf: number): number[] {
    const value = this.values[leaf];
    if (!isTensor(value)) throw new TypeError(`'${typeName(value)}' object has no attribute 'size'`);
    this.#sizes[leaf] ??= takeList(native.shape(handleOf(value)));
    return this.#sizes[leaf];
  }
}

const SYMBOL = /^Symbol\('(\w+)'/;

/** The symbol that an expression is alone. */
export function symbolOf(expression: SymInt): string | undefined {
  if (typeof expression === 'number') return undefined;
  const name = SYMBOL.exec(expression)?.[1];
  return name !== undefined && /^Symbol\('\w+'(, \w+=\w+)*\)$/.test(expression) ? name : undefined;
}

/** Inputs that a call gives, in the order of its leaves. */
export function userInputs({ inputs }: ProgramFile): readonly UserInput[] {
  return inputs.filter((spec): spec is UserInput => spec.kind === 'user_input' || spec.kind === 'constant_input');
}

type UserInput = InputSpec & { kind: 'user_input' | 'constant_input' };

/** What a call gives for an input that was constant at export. */
export type ConstantInput = InputSpec & { kind: 'constant_input' };

/** The constant as Python writes it. */
export function constantText({ value, float }: ConstantInput): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (!float || typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** Whether a call gives what was constant at export. */
export function isConstant(given: unknown, { value }: ConstantInput): boolean {
  const plain = (each: unknown): unknown =>
    typeof each === 'boolean' || typeof each === 'bigint' ? Number(each) : each;
  return Object.is(plain(given), plain(value)) || plain(given) === plain(value);
}
