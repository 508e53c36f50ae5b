/** Γ and its logarithm by Lanczos' approximation with the parameters of Python's (N = 13, g = 6.02468004077673). */
import { native, ValueError } from '../native';
import { type Real, toDouble } from './real';

const G = 6.02468004077673;
const G_MINUS_HALF = 5.52468004077673;
const NUMERATOR = [
  23531376880.41076, 42919803642.6491, 35711959237.35567, 17921034426.03721, 6039542586.352028, 1439720407.3117216,
  248874557.86205417, 31426415.585400194, 2876370.6289353725, 186056.26539522348, 8071.672002365816, 210.82427775157936,
  2.5066282746310002,
];
const DENOMINATOR = [
  0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925, 66, 1,
];
const LOG_PI = 1.1447298858494002;

/** The quotient of the two polynomials, evaluated so that neither overflows. */
function lanczos(x: number): number {
  let [above, below] = [0, 0];
  const last = NUMERATOR.length - 1;
  for (let k = 0; k <= last; k++) {
    const i = x < 5 ? last - k : k;
    above = (x < 5 ? above * x : above / x) + NUMERATOR[i]!;
    below = (x < 5 ? below * x : below / x) + DENOMINATOR[i]!;
  }
  return above / below;
}

/** sin(πx), exact where x is a multiple of a half. */
function sinPi(x: number): number {
  const y = Math.abs(x) % 2;
  const turn = Math.floor(2 * y + 0.5);
  const [sin, cos] = [(t: number) => native.libm('sin', Math.PI * t), (t: number) => native.libm('cos', Math.PI * t)];
  const value = [() => sin(y), () => cos(y - 0.5), () => sin(1 - y), () => -cos(y - 1.5), () => sin(y - 2)][turn]!();
  return x < 0 ? -value : value;
}

/**
 * Γ(x).
 *
 * @throws ValueError for 0 and negative ints, RangeError (Python: OverflowError) beyond the largest float
 */
export function gamma(x: Real): number {
  const value = toDouble(x);
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return value;
  const fits = (result: number): number => {
    if (Number.isFinite(result)) return result;
    throw new RangeError('math range error');
  };
  if (value === 0 || value === Number.NEGATIVE_INFINITY) throw new ValueError('math domain error');
  if (Number.isInteger(value)) {
    if (value < 0) throw new ValueError('math domain error');
    if (value <= 23) {
      let product = 1;
      for (let i = 2; i < value; i++) product *= i;
      return product;
    }
  }
  const size = Math.abs(value);
  if (size < 1e-20) return fits(1 / value);
  if (size > 200) return value < 0 ? 0 / sinPi(value) : fits(Number.POSITIVE_INFINITY);
  const y = size + G_MINUS_HALF;
  // What y lost by rounding, scaled for the correction of the result.
  const lost = size > G_MINUS_HALF ? y - size - G_MINUS_HALF : y - G_MINUS_HALF - size;
  const z = (lost * G) / y;
  const power = size < 140 ? [native.pow(y, size - 0.5)] : Array<number>(2).fill(native.pow(y, size / 2 - 0.25));
  if (value < 0) {
    let result = (-Math.PI / sinPi(size) / size) * native.libm('exp', y);
    result /= lanczos(size);
    result -= z * result;
    return fits(power.reduce((product, factor) => product / factor, result));
  }
  let result = lanczos(size) / native.libm('exp', y);
  result += z * result;
  return fits(power.reduce((product, factor) => product * factor, result));
}

/**
 * log |Γ(x)|.
 *
 * @throws ValueError for 0 and negative ints
 */
export function lgamma(x: Real): number {
  const value = toDouble(x);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? value : Number.POSITIVE_INFINITY;
  if (Number.isInteger(value) && value <= 2) {
    if (value <= 0) throw new ValueError('math domain error');
    return 0;
  }
  const log = (t: number): number => native.libm('log', t);
  const size = Math.abs(value);
  if (size < 1e-20) return -log(size);
  let result = log(lanczos(size)) - G;
  result += (size - 0.5) * (log(size + G - 0.5) - 1);
  if (value < 0) result = LOG_PI - log(Math.abs(sinPi(size))) - log(size) - result;
  if (!Number.isFinite(result)) throw new RangeError('math range error');
  return result;
}
