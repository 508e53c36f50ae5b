/** `torch.autocast`: runs a function with the operations that gain from it in a narrower dtype. */
import { bfloat16, type Dtype, float16, typeName, warn, within } from '../core';
import { native, TorchError, ValueError } from '../native';
import { pythonFunction, readOptions } from '../call';
import * as switches from './switches';

/** Options of `autocast`. */
export interface AutocastOptions {
  /** Dtype to compute in; by default float16 on CUDA, bfloat16 elsewhere (`get_autocast_dtype`). */
  dtype?: Dtype | null;
  /** Whether autocast is on inside; false switches it off within another one. */
  enabled?: boolean;
  /** Whether casts of weights are kept and used again. */
  cache_enabled?: boolean | null;
}

/** Whether autocast knows the kind of device. */
export const is_autocast_available = pythonFunction(
  'is_autocast_available',
  ['device_type'],
  (device_type: string): boolean => {
    if (typeof device_type !== 'string') {
      throw new TypeError(
        `_is_autocast_available(): argument 'device_type' (position 1) must be str, not ${typeName(device_type)}`,
      );
    }
    return native.is_autocast_available(device_type);
  },
);

interface Settings {
  readonly device_type: string;
  readonly dtype: Dtype;
  readonly enabled: boolean;
  readonly cache: boolean;
}

/** Whether autocast can be on; what cannot be is a warning, as in Python. */
function usable(device_type: string, dtype: Dtype): boolean {
  if (device_type === 'cuda') {
    if (native.device_count('cuda') > 0) return true;
    warn('CUDA is not available or torch_xla is imported. Disabling autocast.');
    return false;
  }
  const supported: readonly Dtype[] = [bfloat16, float16];
  if (supported.includes(dtype)) return true;
  const name = device_type.toUpperCase();
  warn(
    `In ${name} autocast, but the target dtype is not supported. Disabling autocast.\n` +
      `${name} Autocast only supports dtypes of ${supported.join(', ')} currently.`,
  );
  return false;
}

function settings(device_type: string, given: AutocastOptions): Settings {
  if (typeof device_type !== 'string') {
    throw new ValueError(`Expected \`device_type\` of type \`str\`, got: \`${typeName(device_type)}\``);
  }
  const options = readOptions('autocast', given, ['dtype', 'enabled', 'cache_enabled']);
  const dtype = options.dtype ?? switches.get_autocast_dtype(device_type);
  if (!native.is_autocast_available(device_type)) {
    throw new TorchError(`User specified an unsupported autocast device_type '${device_type}'`);
  }
  const wanted: unknown = options.enabled === undefined ? true : options.enabled;
  if (typeof wanted !== 'boolean') {
    throw new TypeError(
      `set_autocast_enabled(): argument 'enabled' (position 2) must be bool, not ${typeName(wanted)}`,
    );
  }
  const enabled = wanted && usable(device_type, dtype);
  return { device_type, dtype, enabled, cache: options.cache_enabled ?? native.is_autocast_cache_enabled() };
}

function enter({ device_type, dtype, enabled, cache }: Settings): () => void {
  const before: Settings = {
    device_type,
    dtype: switches.get_autocast_dtype(device_type),
    enabled: native.is_autocast_enabled(device_type),
    cache: native.is_autocast_cache_enabled(),
  };
  const set = (to: Settings): void => {
    native.set_autocast_enabled(device_type, to.enabled);
    switches.set_autocast_dtype(device_type, to.dtype);
    native.set_autocast_cache_enabled(to.cache);
  };
  set({ device_type, dtype, enabled, cache });
  native.autocast_increment_nesting();
  return () => {
    // The outermost one takes the casts of weights with it: an optimizer may change the weights next.
    if (native.autocast_decrement_nesting() === 0) native.clear_autocast_cache();
    set(before);
  };
}

/**
 * Runs `body` with automatic mixed precision and returns its result: matrix products and convolutions compute in
 * `dtype`, operations that need the range (softmax, losses, …) in float32. Python: `with torch.autocast('cpu'):`.
 *
 * Backward belongs outside: operations there run in the dtype that autocast chose for the forward ones.
 *
 * @example
 * const loss = torch.autocast('cpu', { dtype: torch.bfloat16 }, () => criterion.call(net.call(x), y));
 * loss.backward();
 * @throws TypeError when `body` returns a promise: the mode belongs to the thread
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.autocast
 */
export function autocast<T>(device_type: string, body: () => T): T;
export function autocast<T>(device_type: string, options: AutocastOptions, body: () => T): T;
export function autocast<T>(device_type: string, first: AutocastOptions | (() => T), second?: () => T): T {
  const [options, body] = typeof first === 'function' ? [{}, first] : [first, second];
  const chosen = settings(device_type, options);
  return within(
    'autocast',
    () => enter(chosen),
    (leave) => leave(),
    body as () => T,
  );
}
