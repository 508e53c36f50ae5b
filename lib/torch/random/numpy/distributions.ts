/** NumPy's distributions of real numbers, in the order of operations of its C sources. */
import { native } from '../../native';

/** What distributions are made of: the uniform, the normal and the exponential numbers of a class. */
export interface Source {
  /** A number in [0, 1). */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /** A standard exponential number. */
  exponential(): number;
}

const exp = (x: number): number => native.libm('exp', x);
const expm1 = (x: number): number => native.libm('expm1', x);
const log = (x: number): number => native.libm('log', x);
const log1p = (x: number): number => native.libm('log1p', x);
const pow = (x: number, y: number): number => native.libm('pow', x, y);

/** A standard gamma distributed number, by Marsaglia and Tsang's method for shapes above 1. */
export function standardGamma(s: Source, shape: number): number {
  if (shape === 1) return s.exponential();
  if (shape === 0) return 0;
  return shape < 1 ? gammaOfSmall(s, shape) : gammaOfLarge(s, shape);
}

function gammaOfSmall(s: Source, shape: number): number {
  for (;;) {
    const u = s.uniform();
    const v = s.exponential();
    if (u <= 1 - shape) {
      const x = pow(u, 1 / shape);
      if (x <= v) return x;
    } else {
      const y = -log((1 - u) / shape);
      const x = pow(1 - shape + shape * y, 1 / shape);
      if (x <= v + y) return x;
    }
  }
}

function gammaOfLarge(s: Source, shape: number): number {
  const b = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * b);
  for (;;) {
    let x: number;
    let v: number;
    do {
      x = s.normal();
      v = 1 + c * x;
    } while (v <= 0);
    v = v * v * v;
    const u = s.uniform();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (log(u) < 0.5 * x * x + b * (1 - v + log(v))) return b * v;
  }
}

export const chisquare = (s: Source, df: number): number => 2 * standardGamma(s, df / 2);

export function f(s: Source, dfnum: number, dfden: number): number {
  const above = chisquare(s, dfnum) * dfden;
  return above / (chisquare(s, dfden) * dfnum);
}

/** Johnk's method for shapes up to 1, by logarithms where powers vanish. */
function betaOfSmall(s: Source, a: number, b: number, legacy: boolean): number {
  for (;;) {
    const u = s.uniform();
    const v = s.uniform();
    const [x, y] = [pow(u, 1 / a), pow(v, 1 / b)];
    const sum = x + y;
    if (!(sum <= 1) || (!legacy && !(u + v > 0))) continue;
    if (legacy ? sum > 0 : x > 0 && y > 0) return x / sum;
    let logX = log(u) / a;
    let logY = log(v) / b;
    if (legacy) {
      const most = logX > logY ? logX : logY;
      logX -= most;
      logY -= most;
      return exp(logX - log(exp(logX) + exp(logY)));
    }
    const delta = logX - logY;
    return delta > 0 ? exp(-log1p(exp(-delta))) : exp(delta - log1p(exp(delta)));
  }
}

/** Shapes below which `Generator` decides between 0 and 1 alone. */
const TINY_SHAPE = 3e-103;

/** A beta distributed number; the class Generator mended what happens for tiny shapes. */
export function beta(s: Source, a: number, b: number, legacy: boolean): number {
  if (a <= 1 && b <= 1) {
    if (!legacy && a < TINY_SHAPE && b < TINY_SHAPE) return (a + b) * s.uniform() < a ? 1 : 0;
    return betaOfSmall(s, a, b, legacy);
  }
  const first = standardGamma(s, a);
  return first / (first + standardGamma(s, b));
}

export function standardCauchy(s: Source): number {
  const above = s.normal();
  return above / s.normal();
}

export function standardT(s: Source, df: number): number {
  const above = s.normal();
  const below = standardGamma(s, df / 2);
  return (Math.sqrt(df / 2) * above) / Math.sqrt(below);
}

export const lognormal = (s: Source, mean: number, sigma: number): number => exp(mean + sigma * s.normal());

export const pareto = (s: Source, a: number, legacy: boolean): number =>
  legacy ? exp(s.exponential() / a) - 1 : expm1(s.exponential() / a);

export const weibull = (s: Source, a: number): number => (a === 0 ? 0 : pow(s.exponential(), 1 / a));

export const power = (s: Source, a: number, legacy: boolean): number =>
  pow(legacy ? 1 - exp(-s.exponential()) : -expm1(-s.exponential()), 1 / a);

export const rayleigh = (s: Source, mode: number, legacy: boolean): number =>
  mode * Math.sqrt(legacy ? -2 * log1p(-s.uniform()) : 2 * s.exponential());

export function laplace(s: Source, loc: number, scale: number): number {
  for (;;) {
    const u = s.uniform();
    if (u >= 0.5) return loc - scale * log(2 - u - u);
    if (u > 0) return loc + scale * log(u + u);
  }
}

export function gumbel(s: Source, loc: number, scale: number): number {
  for (;;) {
    const u = 1 - s.uniform();
    if (u < 1) return loc - scale * log(-log(u));
  }
}

export function logistic(s: Source, loc: number, scale: number): number {
  for (;;) {
    const u = s.uniform();
    if (u > 0) return loc + scale * log(u / (1 - u));
  }
}

export function triangular(s: Source, left: number, mode: number, right: number): number {
  const base = right - left;
  const u = s.uniform();
  if (u <= (mode - left) / base) return left + Math.sqrt(u * ((mode - left) * base));
  return right - Math.sqrt((1 - u) * ((right - mode) * base));
}

/** log Γ(x), as the Poisson numbers take it. */
function loggam(x: number): number {
  if (x === 1 || x === 2) return 0;
  const a = [
    8.333333333333333e-2, -2.777777777777778e-3, 7.936507936507937e-4, -5.952380952380952e-4, 8.417508417508418e-4,
    -1.917526917526918e-3, 6.41025641025641e-3, -2.955065359477124e-2, 1.796443723688307e-1, -1.3924322169059,
  ];
  const n = x < 7 ? Math.trunc(7 - x) : 0;
  let x0 = x + n;
  const x2 = (1 / x0) * (1 / x0);
  let sum = a[9]!;
  for (let k = 8; k >= 0; k--) sum = sum * x2 + a[k]!;
  let result = sum / x0 + 0.5 * 1.8378770664093453 + (x0 - 0.5) * log(x0) - x0;
  if (x < 7) {
    for (let k = 1; k <= n; k++) {
      result -= log(x0 - 1);
      x0 -= 1;
    }
  }
  return result;
}

function poissonOfLarge(s: Source, lam: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(lam);
  const a = -0.059 + 0.02483 * b;
  const inverse = 1.1239 + 1.1328 / (b - 3.4);
  const edge = 0.9277 - 3.6224 / (b - 2);
  const logLam = log(lam);
  for (;;) {
    const u = s.uniform() - 0.5;
    const v = s.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + lam + 0.43);
    if (us >= 0.07 && v <= edge) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v) + log(inverse) - log(a / (us * us) + b) <= -lam + k * logLam - loggam(k + 1)) return k;
  }
}

/** A Poisson distributed integer. */
export function poisson(s: Source, lam: number): number {
  if (lam >= 10) return poissonOfLarge(s, lam);
  if (lam === 0) return 0;
  const least = exp(-lam);
  let product = 1;
  for (let count = 0; ; count++) {
    product *= s.uniform();
    if (!(product > least)) return count;
  }
}
