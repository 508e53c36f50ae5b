/** `round` and `repr`. */
import { ValueError } from '../native';
import { fixed, Float, floatRepr, scientific, valueText } from '../core';
import { fromBigInt, fromWhole, isInt, type Real, toBigInt, toDouble } from './real';

/** An int to a multiple of 10^k, ties to even. */
function roundInt(value: bigint, k: bigint): bigint {
  const unit = 10n ** k;
  const rest = ((value % unit) + unit) % unit;
  const down = value - rest;
  const up = 2n * rest > unit || (2n * rest === unit && (down / unit) % 2n !== 0n);
  return up ? down + unit : down;
}

function roundToTens(value: number, k: number): number {
  const size = Math.abs(value);
  const exponent = Number(size.toExponential().split('e')[1]);
  const unit = Number(`1e${k}`);
  const half = Number(`5e${k - 1}`);
  const result = exponent >= k ? Number(scientific(size, exponent - k)) : size > half ? unit : 0;
  if (!Number.isFinite(result)) throw new RangeError('rounded value too large to represent');
  return value < 0 || Object.is(value, -0) ? -result : result;
}

/**
 * `round(value)`, the nearest int, or `round(value, ndigits)`, the nearest float of so many decimals; ties go to even, and 2.675 is
 * less than a tie.
 *
 * @throws ValueError for NaN, RangeError (Python: OverflowError) for infinities, where an int is asked for
 */
export function round(value: Real, ndigits?: number | bigint | null): number | bigint {
  if (ndigits === undefined || ndigits === null) {
    if (isInt(value)) return fromBigInt(toBigInt(value));
    const float = toDouble(value);
    if (Number.isNaN(float)) throw new ValueError('cannot convert float NaN to integer');
    if (!Number.isFinite(float)) throw new RangeError('cannot convert float infinity to integer');
    return fromWhole(Number(fixed(float, 0)));
  }
  const digits = Number(toBigInt(ndigits));
  if (isInt(value)) {
    const int = toBigInt(value);
    return digits >= 0 ? fromBigInt(int) : fromBigInt(roundInt(int, BigInt(-digits)));
  }
  const float = toDouble(value);
  // Beyond these every float is itself, or nothing.
  if (!Number.isFinite(float) || digits > 323) return float;
  if (digits < -308) return 0 * float;
  return digits >= 0 ? Number(fixed(float, digits)) : roundToTens(float, -digits);
}

/** `repr(value)`: `0.1`, `1e-05`, `True`, `None`. A whole number is an int, `torch.asFloat(2)` is `2.0`. */
export function repr(value: Real | null): string {
  if (value instanceof Float) return floatRepr(value.float);
  return Object.is(value, -0) ? '-0.0' : valueText(value);
}
