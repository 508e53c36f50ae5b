/**
 * Python's `math`, of version 3.11: the C library's functions, with Python's errors. V8's own differ in the last bit for some of
 * the arguments, `Math.cos(Math.PI * 7 / 20)` for example.
 *
 * @see https://docs.python.org/3.11/library/math.html
 */
import { ownOf } from '../core';
import { native, ValueError } from '../native';
import { fromWhole, isInt, type Real, toBigInt, toDouble } from './real';

export { comb, factorial, gcd, isqrt, lcm, perm } from './integers';
export { gamma, lgamma } from './gamma';
export { dist, fsum, hypot, prod } from './sums';

export const pi = Math.PI;
export const e = Math.E;
export const tau = 2 * Math.PI;
export const inf = Number.POSITIVE_INFINITY;
export const nan = Number.NaN;

const domain = (): ValueError => new ValueError('math domain error');
const range = (): RangeError => new RangeError('math range error');

/** A result as Python checks it: NaN of a number, and an infinity of a finite one, are errors. */
function checked(result: number, grows: boolean, ...args: number[]): number {
  if (Number.isNaN(result) && !args.some(Number.isNaN)) throw domain();
  if (!Number.isFinite(result) && args.every(Number.isFinite)) throw grows ? range() : domain();
  return result;
}

type One = (x: Real) => number;

/** A function of one number; `grows` where an infinity means that the result is too large. */
const one =
  (name: string, grows = false): One =>
  (x) => {
    const value = toDouble(x);
    return checked(native.libm(name, value), grows, value);
  };

export const acos: One = one('acos');
export const acosh: One = one('acosh');
export const asin: One = one('asin');
export const asinh: One = one('asinh');
export const atan: One = one('atan');
export const atanh: One = one('atanh');
export const cbrt: One = one('cbrt');
export const cos: One = one('cos');
export const cosh: One = one('cosh', true);
export const erf: One = one('erf');
export const erfc: One = one('erfc');
export const exp: One = one('exp', true);
export const exp2: One = one('exp2', true);
export const expm1: One = one('expm1', true);
export const log1p: One = one('log1p');
export const sin: One = one('sin');
export const sinh: One = one('sinh', true);
export const tan: One = one('tan');
export const tanh: One = one('tanh');

/** A logarithm, of ints of any size too. */
function logarithm(name: 'log' | 'log2' | 'log10', x: Real): number {
  if (typeof x === 'bigint' && x > 0n && !Number.isFinite(Number(x))) {
    // x is m × 2^shift, and the function's value the sum of both.
    const shift = x.toString(2).length;
    const scaled = Number(x >> BigInt(shift - 64)) / 2 ** 64;
    return native.libm(name, scaled) + native.libm(name, 2) * shift;
  }
  const value = toDouble(x);
  if (value <= 0) throw domain();
  return native.libm(name, value);
}

/**
 * `log(x)`, or `log(x, base)`.
 *
 * @throws RangeError (Python: ZeroDivisionError) for base 1
 */
export function log(x: Real, base?: Real): number {
  const natural = logarithm('log', x);
  if (base === undefined) return natural;
  const divisor = logarithm('log', base);
  if (divisor === 0) throw new RangeError('float division by zero');
  return natural / divisor;
}

export const log2: One = (x) => logarithm('log2', x);
export const log10: One = (x) => logarithm('log10', x);

/**
 * The square root.
 *
 * @throws ValueError for negative numbers
 */
export const sqrt: One = (x) => {
  const value = toDouble(x);
  return checked(Math.sqrt(value), false, value);
};

/**
 * `x` to the power `y`, as floats.
 *
 * @throws ValueError for `pow(-8, 1 / 3)`, RangeError (Python: OverflowError) beyond the largest
 */
export function pow(x: Real, y: Real): number {
  const [base, exponent] = [toDouble(x), toDouble(y)];
  return checked(native.libm('pow', base, exponent), base !== 0, base, exponent);
}

export function atan2(y: Real, x: Real): number {
  return native.libm('atan2', toDouble(y), toDouble(x));
}

/** The remainder of C, with the sign of `x`; `%` of Python is `mod`. */
export function fmod(x: Real, y: Real): number {
  const [a, b] = [toDouble(x), toDouble(y)];
  return checked(native.libm('fmod', a, b), false, a, b);
}

/** The difference to the nearest multiple of `y`. */
export function remainder(x: Real, y: Real): number {
  const [a, b] = [toDouble(x), toDouble(y)];
  return checked(native.libm('remainder', a, b), false, a, b);
}

export function copysign(x: Real, y: Real): number {
  const [size, sign] = [Math.abs(toDouble(x)), toDouble(y)];
  return sign < 0 || Object.is(sign, -0) ? -size : size;
}

export const fabs: One = (x) => Math.abs(toDouble(x));

/** A function from floats to ints; an int stays what it is. */
const whole =
  (round: (value: number) => number) =>
  (x: Real): number | bigint => {
    if (isInt(x)) return typeof x === 'boolean' ? Number(x) : x;
    const value = toDouble(x);
    if (Number.isNaN(value)) throw new ValueError('cannot convert float NaN to integer');
    if (!Number.isFinite(value)) throw new RangeError('cannot convert float infinity to integer');
    return fromWhole(round(value));
  };

export const floor: (x: Real) => number | bigint = whole(Math.floor);
export const ceil: (x: Real) => number | bigint = whole(Math.ceil);
export const trunc: (x: Real) => number | bigint = whole(Math.trunc);

export const degrees: One = (x) => toDouble(x) * (180 / Math.PI);
export const radians: One = (x) => toDouble(x) * (Math.PI / 180);

export const isnan = (x: Real): boolean => Number.isNaN(toDouble(x));
export const isfinite = (x: Real): boolean => Number.isFinite(toDouble(x));
export const isinf = (x: Real): boolean => Math.abs(toDouble(x)) === inf;

/** Whether two numbers are close: within `rel_tol` of the larger one, or within `abs_tol`. */
export function isclose(a: Real, b: Real, options: { rel_tol?: number; abs_tol?: number } = {}): boolean {
  const { rel_tol = 1e-9, abs_tol = 0 } = ownOf(options);
  if (rel_tol < 0 || abs_tol < 0) throw new ValueError('tolerances must be non-negative');
  const [x, y] = [toDouble(a), toDouble(b)];
  if (x === y) return true;
  if (Math.abs(x) === inf || Math.abs(y) === inf) return false;
  const difference = Math.abs(y - x);
  return difference <= Math.abs(rel_tol * y) || difference <= Math.abs(rel_tol * x) || difference <= abs_tol;
}

/** The fraction and the whole part, both floats with the sign of `x`. */
export function modf(x: Real): [number, number] {
  const value = toDouble(x);
  const part = Math.trunc(value);
  return [copysign(Math.abs(value) === inf ? 0 : value - part, value), part];
}

/** `m` and `e` of `x = m × 2^e`, with 0.5 ≤ |m| < 1. */
export function frexp(x: Real): [number, number] {
  const value = toDouble(x);
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const isTiny = Math.abs(value) < 2 ** -1022;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, isTiny ? value * 2 ** 54 : value);
  const high = view.getUint16(0);
  const exponent = ((high >> 4) & 0x7ff) - 1022;
  view.setUint16(0, (high & 0x800f) | (1022 << 4));
  return [view.getFloat64(0), exponent - (isTiny ? 54 : 0)];
}

/**
 * `x × 2^i`.
 *
 * @throws RangeError (Python: OverflowError) beyond the largest float
 */
export function ldexp(x: Real, i: Real): number {
  const value = toDouble(x);
  const exponent = Number(toBigInt(i));
  if (value === 0 || !Number.isFinite(value)) return value;
  const [mantissa, own] = frexp(value);
  const sum = own + exponent;
  if (sum > 1024) throw range();
  if (sum < -1080) return copysign(0, value);
  // The last factor alone rounds: to the small floats, which have fewer bits.
  return sum >= -1020 ? mantissa * 2 * 2 ** (sum - 1) : mantissa * 2 ** -1000 * 2 ** (sum + 1000);
}

/** The next float after `x` towards `y`. */
export function nextafter(x: Real, y: Real): number {
  return native.libm('nextafter', toDouble(x), toDouble(y));
}

/** The value of the last bit of `x`. */
export const ulp: One = (x) => {
  const value = Math.abs(toDouble(x));
  if (!Number.isFinite(value)) return value;
  const next = native.libm('nextafter', value, inf);
  return next === inf ? value - native.libm('nextafter', value, -inf) : next - value;
};
