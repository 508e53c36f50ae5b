/** Switches that decide whether the same call gives the same bits, and what is told about it. */
import { native, showAlways, TorchError } from '../native';
import { cFunction, pythonFunction } from '../call';
import { typeName } from '../core';
import { checkBool } from './checks';

/**
 * Makes operations use deterministic algorithms, and those that have none throw (or warn, with `warn_only`).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
 */
export const use_deterministic_algorithms = pythonFunction(
  'use_deterministic_algorithms',
  ['mode', '*', 'warn_only'],
  (mode: boolean, warn_only: boolean = false): void => {
    const wrong = (argument: string, value: unknown): TypeError =>
      new TypeError(`_set_deterministic_algorithms(): argument ${argument} must be bool, not ${typeName(value)}`);
    if (typeof mode !== 'boolean') throw wrong("'mode' (position 1)", mode);
    if (typeof warn_only !== 'boolean') throw wrong("'warn_only'", warn_only);
    native.set_deterministic(mode, warn_only);
  },
);

/** Whether deterministic algorithms are on. */
export const are_deterministic_algorithms_enabled = pythonFunction(
  'are_deterministic_algorithms_enabled',
  [],
  (): boolean => {
    return native.get_backend_flag('deterministic.enabled');
  },
);

/** Whether operations without a deterministic algorithm only warn. */
export const is_deterministic_algorithms_warn_only_enabled = pythonFunction(
  'is_deterministic_algorithms_warn_only_enabled',
  [],
  (): boolean => {
    return native.get_backend_flag('deterministic.warn_only');
  },
);

/** Behaviour of operations without a deterministic algorithm: nothing, a warning, or an error. */
export type DeterministicDebugMode = 0 | 1 | 2 | 'default' | 'warn' | 'error';

const modes = ['default', 'warn', 'error'];

function modeNumber(mode: unknown): number {
  if (typeof mode === 'string') {
    const index = modes.indexOf(mode);
    if (index >= 0) return index;
    throw new TorchError(
      `invalid value of debug_mode, expected one of \`default\`, \`warn\`, \`error\`, but got ${mode}`,
    );
  }
  // Python's booleans are ints.
  const number = typeof mode === 'boolean' ? Number(mode) : mode;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw new TypeError(`debug_mode must be str or int, but got <class '${typeName(mode)}'>`);
  }
  if (number >= 0 && number < modes.length) return number;
  throw new TorchError(`invalid value of debug_mode, expected 0, 1, or 2, but got ${number}`);
}

/**
 * `use_deterministic_algorithms` by one value: `default` or 0 off, `warn` or 1, `error` or 2.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_deterministic_debug_mode.html
 */
export const set_deterministic_debug_mode = pythonFunction(
  'set_deterministic_debug_mode',
  ['debug_mode'],
  (debug_mode: DeterministicDebugMode): void => {
    const mode = modeNumber(debug_mode);
    native.set_deterministic(mode > 0, mode === 1);
  },
);

/** 0, 1 or 2: see `set_deterministic_debug_mode`. */
export const get_deterministic_debug_mode = pythonFunction('get_deterministic_debug_mode', [], (): number => {
  if (!are_deterministic_algorithms_enabled()) return 0;
  return is_deterministic_algorithms_warn_only_enabled() ? 1 : 2;
});

/** `torch.utils.deterministic`. */
export const deterministic = Object.seal({
  /** Whether `empty` and its like are filled with a known value while deterministic algorithms are on. */
  get fill_uninitialized_memory(): boolean {
    return native.get_backend_flag('deterministic.fill_uninitialized_memory');
  },
  set fill_uninitialized_memory(mode: boolean) {
    if (typeof mode !== 'boolean') throw new TorchError(`expected a bool, but got ${typeName(mode)}`);
    native.set_backend_flag('deterministic.fill_uninitialized_memory', mode);
  },
});

/** Treats denormal numbers on the CPU as zero; false when the processor cannot. */
export const set_flush_denormal = cFunction('torch.set_flush_denormal', (mode: boolean): boolean => {
  checkBool('flush_denormal', mode);
  return native.set_flush_denormal(mode);
});

/** Makes warnings appear every time that libtorch gives once in a process, or isotorch once for a place in the code. */
export const set_warn_always = pythonFunction('set_warn_always', ['b'], (b: boolean): void => {
  checkBool('setWarnOnlyOnce', b);
  native.set_backend_flag('warnings.always', b);
  showAlways(b);
});

/** Whether warnings that libtorch gives once in a process appear every time. */
export const is_warn_always_enabled = pythonFunction('is_warn_always_enabled', [], (): boolean => {
  return native.get_backend_flag('warnings.always');
});

/** Precision inside of float32 matrix products: `highest` is float32, `high` TensorFloat32, `medium` bfloat16. */
export type MatmulPrecision = 'highest' | 'high' | 'medium';

/** Precision inside of float32 matrix products. */
export const get_float32_matmul_precision = pythonFunction('get_float32_matmul_precision', [], (): string => {
  return native.get_matmul_precision();
});

/**
 * Sets how float32 matrix products are computed inside. libtorch warns about other values, and ignores them.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_float32_matmul_precision.html
 */
export const set_float32_matmul_precision = pythonFunction(
  'set_float32_matmul_precision',
  ['precision'],
  (precision: MatmulPrecision): void => {
    if (typeof precision !== 'string') {
      throw new TorchError(`set_float32_matmul_precision expects a str, but got ${typeName(precision)}`);
    }
    native.set_matmul_precision(precision);
  },
);
