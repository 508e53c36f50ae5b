/** Sizes as Python's functions read and write them. */
import { AssertionError, ValueError } from '../../native';
import { type OneOrMany, pythonFunction } from '../../call';
import { isInt, typeName } from '../../core';
import type { Tensor } from '../../memory';
import { tensorWith } from './shapes';

/** `n` times one value, or the list as it is. */
export function ntuple<T>(value: OneOrMany<T>, n: number): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : new Array<T>(n).fill(value as T);
}

/**
 * The length of a list.
 *
 * @throws TypeError, in Python's words, for a bare value
 */
export function lengthOf(value: readonly unknown[]): number {
  if (!Array.isArray(value)) throw new TypeError(`object of type '${typeName(value)}' has no len()`);
  return value.length;
}

/**
 * Throws AssertionError, with `message` in which {} stands for `arg_name`, unless the value is an int or a list of two.
 */
export const assert_int_or_pair = pythonFunction(
  'assert_int_or_pair',
  ['arg', 'arg_name', 'message'],
  (arg: OneOrMany<number>, arg_name: string, message: string): void => {
    if (!isInt(arg) && lengthOf(arg as readonly number[]) !== 2) {
      throw new AssertionError(message.replace('{}', arg_name));
    }
  },
);

/**
 * An output size in which null stands for the input's size.
 *
 * @throws ValueError when the input has no dimension left besides those that `output` names
 */
export function withDefaults(output: OneOrMany<number | null>, input: Tensor): number | readonly number[] {
  tensorWith('size', input);
  if (isInt(output)) return output;
  const { shape } = input;
  const sizes = output as readonly (number | null)[];
  if (shape.length <= lengthOf(sizes)) {
    throw new ValueError(`Input dimension should be at least ${sizes.length + 1}`);
  }
  return sizes.map((size, i) => size ?? shape[shape.length - sizes.length + i]!);
}
