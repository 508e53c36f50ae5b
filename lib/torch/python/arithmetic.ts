/** Python's operators of plain numbers where JavaScript has others or none. Ints of any size are bigints where they must be. */
import { native, ValueError } from '../native';
import { fromBigInt, isInt, type Real, toBigInt, toDouble } from './real';

type Result = number | bigint;

/** `a * b`; ints stay exact. */
export function multiply(a: Real, b: Real): Result {
  return isInt(a) && isInt(b) ? fromBigInt(toBigInt(a) * toBigInt(b)) : toDouble(a) * toDouble(b);
}

/**
 * `base ** exponent`: an int of ints with an exponent of at least 0, else a float.
 *
 * @throws RangeError (Python: ZeroDivisionError, OverflowError) for negative powers of 0, and beyond the largest float
 * @throws ValueError for a negative base and a broken exponent: Python's result is complex
 */
export function pow(base: Real, exponent: Real): Result {
  if (isInt(base) && isInt(exponent) && toBigInt(exponent) >= 0n)
    return fromBigInt(toBigInt(base) ** toBigInt(exponent));
  const [x, y] = [toDouble(base), toDouble(exponent)];
  if (x === 0 && y < 0) throw new RangeError('0.0 cannot be raised to a negative power');
  const result = native.libm('pow', x, y);
  if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y)) {
    throw new ValueError(
      'a negative number to a broken power is complex in Python; there is no such plain number here',
    );
  }
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) {
    throw new RangeError("(34, 'Numerical result out of range')");
  }
  return result;
}

/** Quotient and remainder of floats: the remainder has the divisor's sign. */
function floatDivmod(x: number, y: number): [number, number] {
  let rest = x % y;
  let quotient = (x - rest) / y;
  if (rest === 0) rest = y < 0 || Object.is(y, -0) ? -0 : 0;
  else if (y < 0 !== rest < 0) {
    rest += y;
    quotient -= 1;
  }
  if (quotient === 0) return [Object.is(x / y, -0) || x / y < 0 ? -0 : 0, rest];
  const floored = Math.floor(quotient);
  return [quotient - floored > 0.5 ? floored + 1 : floored, rest];
}

/** Python's words for a division by zero, of ints and of floats. */
type Words = readonly [ints: string, floats: string];

function divide(a: Real, b: Real, [ints, floats]: Words): [Result, Result] {
  if (isInt(a) && isInt(b)) {
    const [x, y] = [toBigInt(a), toBigInt(b)];
    if (y === 0n) throw new RangeError(ints);
    const rest = x % y;
    const down = rest !== 0n && rest < 0n !== y < 0n;
    return [fromBigInt(x / y - (down ? 1n : 0n)), fromBigInt(down ? rest + y : rest)];
  }
  const [x, y] = [toDouble(a), toDouble(b)];
  if (y === 0) throw new RangeError(floats);
  return floatDivmod(x, y);
}

/**
 * `divmod(a, b)`: `a // b` and `a % b`.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function divmod(a: Real, b: Real): [Result, Result] {
  return divide(a, b, ['integer division or modulo by zero', 'float divmod()']);
}

/**
 * `a // b`.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function floordiv(a: Real, b: Real): Result {
  return divide(a, b, ['integer division or modulo by zero', 'float floor division by zero'])[0];
}

/**
 * `a % b`, with the sign of `b`.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function mod(a: Real, b: Real): Result {
  return divide(a, b, ['integer modulo by zero', 'float modulo'])[1];
}
