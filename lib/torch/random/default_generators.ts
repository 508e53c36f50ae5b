/** The default generators. */
import { native, ValueError } from '../native';
import { device, type DeviceLike, Float, type Int, isPromise, typeName } from '../core';
import { isTensor, type Tensor } from '../memory';
import { pythonFunction, readOptions } from '../call';
import { default_generator, Generator, seedBits } from './generator';

/**
 * Seeds the default generators of all devices, and returns the CPU's. Negative seeds wrap around; fractions are cut
 * off, as Python's `int()` does.
 * @throws ValueError for seeds outside of [-2^63, 2^64 - 1]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html
 */
export const manual_seed = pythonFunction(
  'manual_seed',
  ['seed'],
  (given: Int | Float | boolean | Tensor): Generator => {
    const value: unknown = isTensor(given) ? (given as Tensor).item() : given;
    const seed: unknown = value instanceof Float || typeof value === 'boolean' ? Number(value) : value;
    if (typeof seed !== 'number' && typeof seed !== 'bigint') {
      throw new TypeError(`manual_seed(): argument 'seed' must be an integer, not ${typeName(value)}`);
    }
    if (Number.isNaN(seed)) throw new ValueError('cannot convert float NaN to integer');
    if (seed === Infinity || seed === -Infinity) {
      throw new RangeError('cannot convert float infinity to integer');
    }
    native.manual_seed(seedBits(typeof seed === 'number' ? Math.trunc(seed) : seed));
    return default_generator;
  },
);

/** Seeds the default generators of all devices from the operating system; returns the seed. */
export const seed = pythonFunction('seed', [], (): number | bigint => {
  const drawn = default_generator.seed();
  native.manual_seed(seedBits(drawn));
  return drawn;
});

/** The seed that the CPU's default sequence started from. */
export const initial_seed = pythonFunction('initial_seed', [], (): number | bigint => {
  return default_generator.initial_seed();
});

/** State of the CPU's default generator, as a uint8 tensor. */
export const get_rng_state = pythonFunction('get_rng_state', [], (): Tensor => {
  return default_generator.get_state();
});

/** Continues the CPU's default generator from a state that `get_rng_state` gave. */
export const set_rng_state = pythonFunction('set_rng_state', ['new_state'], (new_state: Tensor): void => {
  default_generator.set_state(new_state);
});

/** Options of `fork_rng`. */
export interface ForkOptions {
  /** Accelerators whose generators are put back too; by default all CUDA devices. The CPU's always is. */
  devices?: readonly (DeviceLike | number)[] | null;
  /** Kind of accelerator that `devices` are where they are numbers; cuda by default. */
  device_type?: string | null;
  /** False runs the function without putting anything back. */
  enabled?: boolean;
}

/**
 * Runs `body`, puts the default generators back to where they were, and returns its result.
 * Python: `with torch.random.fork_rng():`.
 * @throws TypeError when `body` returns a promise, as other tasks' draws would be undone too
 */
export function fork_rng<T>(body: () => T, given: ForkOptions = {}): T {
  const options = readOptions('fork_rng', given, ['devices', 'enabled', 'device_type']);
  const kind = device(options.device_type ?? 'cuda').type;
  if (kind === 'meta') return body();
  if (options.enabled === false) return body();
  const all = Array.from({ length: kind === 'cpu' ? 0 : native.device_count(kind) }, (_, i) => i);
  const names = (options.devices ?? all).map((at) => (typeof at === 'number' ? `${kind}:${at}` : String(at)));
  const generators = [default_generator, ...names.map((name) => Generator.default(name))];
  const states = generators.map((generator) => generator.get_state());
  let result: T;
  try {
    result = body();
  } finally {
    generators.forEach((generator, i) => {
      const state = states[i] as Tensor;
      generator.set_state(state);
      state.dispose();
    });
  }
  if (isPromise(result)) {
    result.then(undefined, () => {});
    throw new TypeError(
      'fork_rng(): the function returned a promise, but the generators were put back when it returned',
    );
  }
  return result;
}

/** The generator of the data-loading worker that runs this code, or null outside of one, as here always. */
export const thread_safe_generator = pythonFunction('thread_safe_generator', [], (): Generator | null => {
  return null;
});
