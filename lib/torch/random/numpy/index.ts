/** `torch.random.numpy`: NumPy's module `numpy.random`, whose functions draw from one `RandomState` of the process. */
import { RandomState } from './random_state';

export type { Bits } from './bits';
export { default_rng, Generator } from './generator';
export { MT19937, type LegacySeed, type MT19937State } from './mt19937';
export { PCG64, type PCG64State } from './pcg64';
export { type LegacyState, type NamedState, RandomState } from './random_state';
export { type Entropy, SeedSequence } from './seed_sequence';

let shared: RandomState | undefined;

/** A function of the module: the method of the shared stream, which starts from the operating system's seed. */
function global<Name extends keyof RandomState>(name: Name): RandomState[Name] {
  const call = (...args: unknown[]): unknown => {
    shared ??= new RandomState();
    return (shared[name] as (...args: unknown[]) => unknown).apply(shared, args);
  };
  Object.defineProperty(call, 'name', { value: name });
  return call as RandomState[Name];
}

export const seed = global('seed');
export const get_state = global('get_state');
export const set_state = global('set_state');
export const random_sample = global('random_sample');
export const random = global('random');
export const rand = global('rand');
export const randn = global('randn');
export const randint = global('randint');
export const random_integers = global('random_integers');
export const tomaxint = global('tomaxint');
export const bytes = global('bytes');
export const choice = global('choice');
export const permutation = global('permutation');
export const shuffle = global('shuffle');
export const uniform = global('uniform');
export const standard_normal = global('standard_normal');
export const normal = global('normal');
export const standard_exponential = global('standard_exponential');
export const exponential = global('exponential');
export const standard_gamma = global('standard_gamma');
export const gamma = global('gamma');
export const beta = global('beta');
export const chisquare = global('chisquare');
export const f = global('f');
export const standard_cauchy = global('standard_cauchy');
export const standard_t = global('standard_t');
export const pareto = global('pareto');
export const weibull = global('weibull');
export const power = global('power');
export const laplace = global('laplace');
export const gumbel = global('gumbel');
export const logistic = global('logistic');
export const lognormal = global('lognormal');
export const rayleigh = global('rayleigh');
export const triangular = global('triangular');
export const poisson = global('poisson');
