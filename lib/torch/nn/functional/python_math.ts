/** Python's arithmetic where JavaScript's has other results: no infinities from division, no int that is −0. */
import { sym_int } from '../../functional/inside';

/**
 * `a // b` of ints.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function floorDivide(a: number, b: number): number {
  if (b === 0) throw new RangeError('integer division or modulo by zero');
  return Math.floor(a / b) + 0;
}

/**
 * `a / b` where one is a float.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function divide(a: number, b: number): number {
  if (b === 0) throw new RangeError('float division by zero');
  return a / b;
}

/**
 * `int(x)` of a float that is a size.
 *
 * @throws ValueError for NaN, RangeError (Python: OverflowError) for an infinity
 */
export function toInt(value: number): number {
  return Number(sym_int(value));
}
