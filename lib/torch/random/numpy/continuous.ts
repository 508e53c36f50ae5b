/** The distributions that both of NumPy's classes have. */
import { ValueError } from '../../native';
import * as draws from './distributions';
import type { Real } from '../../python';
import { type Distribution, type Drawing, parameters } from './drawing';
import { Stream } from './stream';

const { any, mean, nonNegative, positive } = parameters;

function uniformRange(low: number, high: number, legacy: boolean): void {
  if (!Number.isFinite(high - low)) {
    throw new RangeError(legacy ? 'Range exceeds valid bounds' : 'high - low range exceeds valid bounds');
  }
  if (!legacy && high - low < 0) throw new ValueError('high - low < 0');
}

function triangle(left: number, mode: number, right: number): void {
  if (left > mode) throw new ValueError('left > mode');
  if (mode > right) throw new ValueError('mode > right');
  if (left === right) throw new ValueError('left == right');
}

/** `RandomState` keeps the formulas of old, which `legacy` means; `Generator` has those that were mended since. */
export function continuousTable(legacy: boolean): Readonly<Record<string, Distribution>> {
  return {
    normal: {
      parameters: [any('loc', 0), nonNegative('scale', 1)],
      draw: (s, loc, scale) => loc! + scale! * s.normal(),
    },
    exponential: { parameters: [nonNegative('scale', 1)], draw: (s, scale) => scale! * s.exponential() },
    standard_gamma: { parameters: [nonNegative('shape')], draw: (s, shape) => draws.standardGamma(s, shape!) },
    gamma: {
      parameters: [nonNegative('shape'), nonNegative('scale', 1)],
      draw: (s, shape, scale) => scale! * draws.standardGamma(s, shape!),
    },
    beta: { parameters: [positive('a'), positive('b')], draw: (s, a, b) => draws.beta(s, a!, b!, legacy) },
    chisquare: { parameters: [positive('df')], draw: (s, df) => draws.chisquare(s, df!) },
    f: { parameters: [positive('dfnum'), positive('dfden')], draw: (s, num, den) => draws.f(s, num!, den!) },
    standard_cauchy: { parameters: [], draw: draws.standardCauchy },
    standard_t: { parameters: [positive('df')], draw: (s, df) => draws.standardT(s, df!) },
    pareto: { parameters: [positive('a')], draw: (s, a) => draws.pareto(s, a!, legacy) },
    weibull: { parameters: [nonNegative('a')], draw: (s, a) => draws.weibull(s, a!) },
    power: { parameters: [positive('a')], draw: (s, a) => draws.power(s, a!, legacy) },
    laplace: {
      parameters: [any('loc', 0), nonNegative('scale', 1)],
      draw: (s, loc, scale) => draws.laplace(s, loc!, scale!),
    },
    gumbel: {
      parameters: [any('loc', 0), nonNegative('scale', 1)],
      draw: (s, loc, scale) => draws.gumbel(s, loc!, scale!),
    },
    logistic: {
      parameters: [any('loc', 0), nonNegative('scale', 1)],
      draw: (s, loc, scale) => draws.logistic(s, loc!, scale!),
    },
    lognormal: {
      parameters: [any('mean', 0), nonNegative('sigma', 1)],
      draw: (s, mean, sigma) => draws.lognormal(s, mean!, sigma!),
    },
    poisson: { parameters: [mean('lam', 1)], draw: (s, lam) => draws.poisson(s, lam!), whole: true },
    triangular: {
      parameters: [any('left'), any('mode'), any('right')],
      draw: (s, left, mode, right) => draws.triangular(s, left!, mode!, right!),
      together: (left, mode, right) => triangle(left!, mode!, right!),
    },
    uniform: {
      parameters: [any('low', 0), any('high', 1)],
      draw: (s, low, high) => low! + (high! - low!) * s.uniform(),
      together: (low, high) => uniformRange(low!, high!, legacy),
    },
    rayleigh: { parameters: [nonNegative('scale', 1)], draw: (s, scale) => draws.rayleigh(s, scale!, legacy) },
  };
}

type LocScale = Drawing<['loc', 'scale'], [loc?: Real, scale?: Real]>;

/** The methods that the table makes. */
export abstract class DistributionStream extends Stream {
  /** Normal: loc + scale · z. */
  declare readonly normal: LocScale;
  /** Exponential of mean `scale`. */
  declare readonly exponential: Drawing<['scale'], [scale?: Real]>;
  /** Gamma of scale 1. */
  declare readonly standard_gamma: Drawing<['shape'], [shape: Real]>;
  /** Gamma. */
  declare readonly gamma: Drawing<['shape', 'scale'], [shape: Real, scale?: Real]>;
  /** Beta, in [0, 1]. */
  declare readonly beta: Drawing<['a', 'b'], [a: Real, b: Real]>;
  /** χ² of `df` degrees of freedom. */
  declare readonly chisquare: Drawing<['df'], [df: Real]>;
  /** Fisher's F. */
  declare readonly f: Drawing<['dfnum', 'dfden'], [dfnum: Real, dfden: Real]>;
  /** Cauchy. */
  declare readonly standard_cauchy: Drawing<[], []>;
  /** Student's t. */
  declare readonly standard_t: Drawing<['df'], [df: Real]>;
  /** Pareto II (Lomax). */
  declare readonly pareto: Drawing<['a'], [a: Real]>;
  /** Weibull of scale 1. */
  declare readonly weibull: Drawing<['a'], [a: Real]>;
  /** Power: density a·x^(a − 1) in [0, 1]. */
  declare readonly power: Drawing<['a'], [a: Real]>;
  /** Laplace. */
  declare readonly laplace: LocScale;
  /** Gumbel. */
  declare readonly gumbel: LocScale;
  /** Logistic. */
  declare readonly logistic: LocScale;
  /** Log-normal. */
  declare readonly lognormal: Drawing<['mean', 'sigma'], [mean?: Real, sigma?: Real]>;
  /** Rayleigh. */
  declare readonly rayleigh: Drawing<['scale'], [scale?: Real]>;
  /** Poisson of mean `lam`: integers. */
  declare readonly poisson: Drawing<['lam'], [lam?: Real]>;
  /** Numbers between left and right, most often near `mode`. */
  declare readonly triangular: Drawing<['left', 'mode', 'right'], [left: Real, mode: Real, right: Real]>;
  /** Numbers in [low, high). */
  declare readonly uniform: Drawing<['low', 'high'], [low?: Real, high?: Real]>;
}
