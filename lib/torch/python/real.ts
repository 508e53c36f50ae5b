/** Numbers as Python's functions take them. */
import { Float, typeName } from '../core';

/** Python's int or float: a number, a bigint (an int beyond 2^53), `torch.asFloat(2)` (a float that is whole), or a boolean. */
export type Real = number | bigint | boolean | Float;

/**
 * The number as C's double.
 *
 * @throws TypeError "must be real number, not str"
 * @throws RangeError (Python: OverflowError) "int too large to convert to float"
 */
export function toDouble(value: Real): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    const double = Number(value);
    if (!Number.isFinite(double)) throw new RangeError('int too large to convert to float');
    return double;
  }
  if (typeof value === 'boolean' || value instanceof Float) return Number(value);
  throw new TypeError(`must be real number, not ${typeName(value)}`);
}

/** Whether Python would have an int: a bigint, a boolean, or a whole number that is neither -0 nor `asFloat`'s. */
export function isInt(value: Real): value is number | bigint | boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Object.is(value, -0);
  return typeof value === 'bigint' || typeof value === 'boolean';
}

/**
 * An int as a bigint.
 *
 * @throws TypeError "'float' object cannot be interpreted as an integer"
 */
export function toBigInt(value: Real): bigint {
  if (isInt(value)) return BigInt(value);
  throw new TypeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** An int as a number where that keeps all bits. */
export function fromBigInt(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A whole double as an int. */
export function fromWhole(value: number): number | bigint {
  return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
}
