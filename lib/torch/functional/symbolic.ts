/**
 * The `sym_*` functions: arithmetic that Python's compiler can trace. Nothing is traced here, so they compute with
 * plain numbers, which they keep as ints or floats by the number rule; a float that is whole is an `asFloat`.
 */
import { TorchError, ValueError } from '../native';
import { asFloat, Float, type Int, typeName } from '../core';
import { isTensor, type Tensor, type TensorBase } from '../memory';
import { pythonFunction, refuseKeywords } from '../call';

/** Number that the functions take. */
export type SymNumber = Int | Float;

function isFloat(value: SymNumber): boolean {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

function checkNumber(value: unknown): asserts value is SymNumber {
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return;
  throw new TypeError(`expected an int or a float, got ${typeName(value)}`);
}

/** A float of Python: a whole one is marked as such. */
const float = (value: number): number | Float => (Number.isInteger(value) ? asFloat(value) : value);

/** The number without its fraction, as Python's `int(a)`. */
export const sym_int = pythonFunction('sym_int', ['a'], (a: SymNumber | boolean): Int => {
  if (typeof a === 'boolean') return Number(a);
  checkNumber(a);
  if (typeof a === 'bigint') return a;
  const value = Number(a);
  if (Number.isNaN(value)) throw new ValueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw new RangeError('cannot convert float infinity to integer');
  // + 0 takes the sign off −0, which is no int.
  const whole = Math.trunc(value) + 0;
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
});

/** The number as a float, as Python's `float(a)`. */
export const sym_float = pythonFunction('sym_float', ['a'], (a: SymNumber | boolean): number | Float => {
  if (typeof a === 'boolean') return float(Number(a));
  checkNumber(a);
  return float(Number(a));
});

/** Whether the value is false, as Python's `not a`. */
export const sym_not = pythonFunction('sym_not', ['a'], (a: SymNumber | boolean): boolean => {
  if (typeof a === 'boolean') return !a;
  checkNumber(a);
  return a instanceof Float ? a.float === 0 : !a;
});

function extreme(a: SymNumber, b: SymNumber, better: (x: Int, y: Int) => boolean): SymNumber {
  checkNumber(a);
  checkNumber(b);
  const plain = (value: SymNumber): Int => (value instanceof Float ? value.float : value);
  // Python's max and min keep the first unless the second is better, also where one is NaN.
  const chosen = better(plain(b), plain(a)) ? b : a;
  return isFloat(a) || isFloat(b) ? float(Number(chosen)) : chosen;
}

/** The larger number; a float if one of them is. */
export const sym_max = pythonFunction(
  'sym_max',
  ['a', 'b'],
  (a: SymNumber, b: SymNumber): SymNumber => extreme(a, b, (x, y) => x > y),
);

/** The smaller number; a float if one of them is. */
export const sym_min = pythonFunction(
  'sym_min',
  ['a', 'b'],
  (a: SymNumber, b: SymNumber): SymNumber => extreme(a, b, (x, y) => x < y),
);

/** The sum of `sym_sum(a, b, …)` or `sym_sum([a, b, …])`; a float if one of them is. */
export function sym_sum(...args: SymNumber[] | [readonly SymNumber[]]): SymNumber {
  refuseKeywords('sym_sum', args);
  const items: readonly unknown[] = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
  const numbers = items.map((item) => {
    checkNumber(item);
    return item;
  });
  if (numbers.some(isFloat)) return float(numbers.reduce((sum: number, item) => sum + Number(item), 0));
  const sum = numbers.reduce(
    (total: bigint, item) => total + BigInt(Number.isInteger(item) ? Number(item) : (item as bigint)),
    0n,
  );
  return BigInt(Number(sum)) === sum && Number.isSafeInteger(Number(sum)) ? Number(sum) : sum;
}

/** The square root. */
export const sym_sqrt = pythonFunction('_sym_sqrt', ['a'], (a: SymNumber): number | Float => {
  checkNumber(a);
  if (Number(a) < 0) throw new ValueError('math domain error');
  return float(Math.sqrt(Number(a)));
});

/** `t` if `b`, else `f`; both of one type. */
export const sym_ite = pythonFunction('sym_ite', ['b', 't', 'f'], (b: boolean, t: unknown, f: unknown): unknown => {
  if (typeof b !== 'boolean') throw new TypeError(`expected SymBool or bool, got ${typeName(b)}`);
  if (typeof t !== typeof f) throw new TypeError(`type mismatch: ${typeof t} vs ${typeof f}`);
  return b ? t : f;
}) as {
  <T>(b: boolean, t: T, f: T): T;
  <T>(keywords: { b: boolean; t: T; f: T }): T;
};

/** The number of a one-element tensor, or the number itself: nothing is traced, so there is nothing fresh to make. */
export const sym_fresh_size = pythonFunction('sym_fresh_size', ['expr'], (expr: Int | Tensor): Int => {
  const value: unknown = isTensor(expr) ? (expr as TensorBase as Tensor).item() : expr;
  if (typeof value !== 'bigint' && !Number.isInteger(value)) {
    throw new TorchError(`sym_fresh_size(): expected an integer, got ${typeName(value)}`);
  }
  return value as Int;
});
