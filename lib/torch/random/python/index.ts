/** `torch.random.python`: Python's module `random`, whose functions draw from one sequence of the process. */
import { Random } from './random';

export { Random };
export type { Seed } from './seed';
export type { MutableSequence, Sequence } from './sequences';
export type { RandomState } from './state';

let shared: Random | undefined;

/** A function of the module: the method of the shared sequence, which starts from the operating system's seed. */
function global<Name extends keyof Random>(name: Name): Random[Name] {
  const call = (...args: unknown[]): unknown => {
    shared ??= new Random();
    return (shared[name] as (...args: unknown[]) => unknown).apply(shared, args);
  };
  Object.defineProperty(call, 'name', { value: name });
  return call as Random[Name];
}

export const seed = global('seed');
export const getstate = global('getstate');
export const setstate = global('setstate');
export const random = global('random');
export const uniform = global('uniform');
export const triangular = global('triangular');
export const randint = global('randint');
export const randrange = global('randrange');
export const choice = global('choice');
export const choices = global('choices');
export const shuffle = global('shuffle');
export const sample = global('sample');
export const normalvariate = global('normalvariate');
export const gauss = global('gauss');
export const lognormvariate = global('lognormvariate');
export const expovariate = global('expovariate');
export const vonmisesvariate = global('vonmisesvariate');
export const gammavariate = global('gammavariate');
export const betavariate = global('betavariate');
export const paretovariate = global('paretovariate');
export const weibullvariate = global('weibullvariate');
export const getrandbits = global('getrandbits');
export const randbytes = global('randbytes');
