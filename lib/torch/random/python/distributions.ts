/** Real numbers of Python's `random`, in the order of operations of its `random.py`. */
import { type Arguments, pythonMethods } from '../../call';
import { ValueError } from '../../native';
import { math, mod, pow, type Real } from '../../python';
import { toDouble } from '../../python/inside';
import { MersenneTwister } from '../mersenne_twister';

const TWO_PI = 2 * Math.PI;

type MuSigma = Arguments<['mu', 'sigma'], [mu?: Real, sigma?: Real]>;
type AlphaBeta = Arguments<['alpha', 'beta'], [alpha: Real, beta: Real]>;

/** `x / y` of floats. */
function divide(x: number, y: number): number {
  if (y === 0) throw new RangeError('float division by zero');
  return x / y;
}

/** The distributions of the class Random. */
export abstract class Distributions {
  static {
    pythonMethods(this.prototype, 'Random', {
      uniform: ['a', 'b'],
      triangular: ['low', 'high', 'mode'],
      normalvariate: ['mu', 'sigma'],
      gauss: ['mu', 'sigma'],
      lognormvariate: ['mu', 'sigma'],
      expovariate: ['lambd'],
      vonmisesvariate: ['mu', 'kappa'],
      gammavariate: ['alpha', 'beta'],
      betavariate: ['alpha', 'beta'],
      paretovariate: ['alpha'],
      weibullvariate: ['alpha', 'beta'],
    });
  }

  /** @internal The bits. */
  protected readonly twister: MersenneTwister = new MersenneTwister();
  /** What the next `gauss` scales, or null: it draws two numbers at a time. */
  gauss_next: number | null = null;

  /** A number in [0, 1). */
  random(): number {
    return this.twister.nextDouble();
  }

  /** A number between a and b. */
  uniform(...args: Arguments<['a', 'b'], [a: Real, b: Real]>): number;
  uniform(a: Real, b: Real): number {
    const from = toDouble(a);
    return from + (toDouble(b) - from) * this.random();
  }

  /** A number between low and high, most often near `mode`; null is the middle. */
  triangular(...args: Arguments<['low', 'high', 'mode'], [low?: Real, high?: Real, mode?: Real | null]>): number;
  triangular(low: Real = 0, high: Real = 1, mode: Real | null = null): number {
    const u = this.random();
    const [from, to] = [toDouble(low), toDouble(high)];
    if (mode !== null && to === from) return from;
    const c = mode === null ? 0.5 : (toDouble(mode) - from) / (to - from);
    return u > c ? to + (from - to) * math.sqrt((1 - u) * (1 - c)) : from + (to - from) * math.sqrt(u * c);
  }

  /** A normally distributed number. */
  normalvariate(...args: MuSigma): number;
  normalvariate(mu: Real = 0, sigma: Real = 1): number {
    const factor = (4 * math.exp(-0.5)) / math.sqrt(2);
    for (;;) {
      const u1 = this.random();
      const u2 = 1 - this.random();
      const z = (factor * (u1 - 0.5)) / u2;
      if ((z * z) / 4 <= -math.log(u2)) return toDouble(mu) + z * toDouble(sigma);
    }
  }

  /** A normally distributed number; every second one costs nothing. */
  gauss(...args: MuSigma): number;
  gauss(mu: Real = 0, sigma: Real = 1): number {
    let z = this.gauss_next;
    this.gauss_next = null;
    if (z === null) {
      const angle = this.random() * TWO_PI;
      const radius = math.sqrt(-2 * math.log(1 - this.random()));
      z = math.cos(angle) * radius;
      this.gauss_next = math.sin(angle) * radius;
    }
    return toDouble(mu) + z * toDouble(sigma);
  }

  /** A number whose logarithm is normally distributed. */
  lognormvariate(...args: Arguments<['mu', 'sigma'], [mu: Real, sigma: Real]>): number;
  lognormvariate(mu: Real, sigma: Real): number {
    return math.exp(this.normalvariate(mu, sigma));
  }

  /** An exponentially distributed number of mean 1 / lambd. */
  expovariate(...args: Arguments<['lambd'], [lambd: Real]>): number;
  expovariate(lambd: Real): number {
    return divide(-math.log(1 - this.random()), toDouble(lambd));
  }

  /** An angle in [0, 2π) around mu; kappa 0 makes all equally likely. */
  vonmisesvariate(...args: Arguments<['mu', 'kappa'], [mu: Real, kappa: Real]>): number;
  vonmisesvariate(mu: Real, kappa: Real): number {
    const concentration = toDouble(kappa);
    if (concentration <= 1e-6) return TWO_PI * this.random();
    const s = 0.5 / concentration;
    const r = s + math.sqrt(1 + s * s);
    let z: number;
    for (;;) {
      z = math.cos(Math.PI * this.random());
      const d = z / (r + z);
      const u2 = this.random();
      if (u2 < 1 - d * d || u2 <= (1 - d) * math.exp(d)) break;
    }
    const q = 1 / r;
    const f = (q + z) / (1 + q * z);
    const turn = this.random() > 0.5 ? math.acos(f) : -math.acos(f);
    return Number(mod(toDouble(mu) + turn, TWO_PI));
  }

  /**
   * A gamma distributed number of mean alpha · beta.
   *
   * @throws ValueError "gammavariate: alpha and beta must be > 0.0"
   */
  gammavariate(...args: AlphaBeta): number;
  gammavariate(alpha: Real, beta: Real): number {
    const [shape, scale] = [toDouble(alpha), toDouble(beta)];
    if (shape <= 0 || scale <= 0) throw new ValueError('gammavariate: alpha and beta must be > 0.0');
    if (shape > 1) return this.#gammaOfLarge(shape) * scale;
    if (shape === 1) return -math.log(1 - this.random()) * scale;
    return this.#gammaOfSmall(shape) * scale;
  }

  /** Cheng's method, for alpha > 1. */
  #gammaOfLarge(alpha: number): number {
    const a = math.sqrt(2 * alpha - 1);
    const b = alpha - math.log(4);
    const c = alpha + a;
    for (;;) {
      const u1 = this.random();
      if (!(u1 > 1e-7 && u1 < 0.9999999)) continue;
      const u2 = 1 - this.random();
      const v = math.log(u1 / (1 - u1)) / a;
      const x = alpha * math.exp(v);
      const z = u1 * u1 * u2;
      const r = b + c * v - x;
      if (r + (1 + math.log(4.5)) - 4.5 * z >= 0 || r >= math.log(z)) return x;
    }
  }

  /** Algorithm GS of Kennedy and Gentle, for alpha < 1. */
  #gammaOfSmall(alpha: number): number {
    for (;;) {
      const b = (Math.E + alpha) / Math.E;
      const p = b * this.random();
      const x = p <= 1 ? Number(pow(p, 1 / alpha)) : -math.log((b - p) / alpha);
      const u1 = this.random();
      if (p > 1 ? u1 <= Number(pow(x, alpha - 1)) : u1 <= math.exp(-x)) return x;
    }
  }

  /** A beta distributed number in [0, 1]. */
  betavariate(...args: AlphaBeta): number;
  betavariate(alpha: Real, beta: Real): number {
    const y = this.gammavariate(alpha, 1);
    return y === 0 ? 0 : y / (y + this.gammavariate(beta, 1));
  }

  /** A Pareto distributed number. */
  paretovariate(...args: Arguments<['alpha'], [alpha: Real]>): number;
  paretovariate(alpha: Real): number {
    return Number(pow(1 - this.random(), divide(-1, toDouble(alpha))));
  }

  /** A Weibull distributed number of scale alpha and shape beta. */
  weibullvariate(...args: AlphaBeta): number;
  weibullvariate(alpha: Real, beta: Real): number {
    const u = 1 - this.random();
    return toDouble(alpha) * Number(pow(-math.log(u), divide(1, toDouble(beta))));
  }
}
