/**
 * The switches of automatic mixed precision. `torch.autocast` sets them for a function; they belong to the thread.
 * @see https://docs.pytorch.org/docs/stable/amp.html
 */
import { native } from '../native';
import { Dtype, dtypeOf, typeName } from '../core';
import { type Arguments, cFunction, handBound } from '../call';

const parseIsEnabled = handBound('is_autocast_enabled', ['', 'str device_type']);
const parseSetEnabled = handBound('set_autocast_enabled', ['str device_type; bool enabled', 'bool enabled']);
const parseGetDtype = handBound('get_autocast_dtype', ['str device_type']);
const parseSetDtype = handBound('set_autocast_dtype', ['str device_type; ScalarType dtype']);

/** Whether autocast is on for a kind of device; for `cuda` without one, as in Python. */
export function is_autocast_enabled(...args: Arguments<['device_type'], [device_type?: string]>): boolean {
  const [device_type = 'cuda'] = parseIsEnabled(args).values as [string?];
  return native.is_autocast_enabled(device_type);
}

/** Switches autocast on or off for a kind of device; for `cuda` without one, as in Python. */
export function set_autocast_enabled(
  ...args: Arguments<['device_type', 'enabled'], [device_type: string, enabled: boolean]>
): void;
export function set_autocast_enabled(...args: Arguments<['enabled'], [enabled: boolean]>): void;
export function set_autocast_enabled(...args: unknown[]): void {
  const { form, values } = parseSetEnabled(args);
  const [device_type, enabled] = (form === 0 ? values : ['cuda', ...values]) as [string, boolean];
  native.set_autocast_enabled(device_type, enabled);
}

/** The dtype that autocast computes in on a kind of device. */
export function get_autocast_dtype(...args: Arguments<['device_type'], [device_type: string]>): Dtype {
  const [device_type] = parseGetDtype(args).values as [string];
  return dtypeOf(native.get_autocast_dtype(device_type));
}

/** Sets the dtype that autocast computes in on a kind of device. */
export function set_autocast_dtype(
  ...args: Arguments<['device_type', 'dtype'], [device_type: string, dtype: Dtype]>
): void {
  const [device_type, dtype] = parseSetDtype(args).values as [string, Dtype];
  native.set_autocast_dtype(device_type, dtype.code);
}

/** Whether autocast keeps its casts of leaf tensors (weights) until the outermost `autocast` ends. */
export const is_autocast_cache_enabled = cFunction('torch.is_autocast_cache_enabled', (): boolean => {
  return native.is_autocast_cache_enabled();
});

/** Sets whether autocast keeps its casts of leaf tensors. */
export const set_autocast_cache_enabled = cFunction('torch.set_autocast_cache_enabled', (enabled: boolean): void => {
  if (typeof enabled !== 'boolean') throw new TypeError(`enabled must be a bool (got ${typeName(enabled)})`);
  native.set_autocast_cache_enabled(enabled);
});

/** Forgets the casts that autocast kept. */
export const clear_autocast_cache = cFunction('torch.clear_autocast_cache', (): void => {
  native.clear_autocast_cache();
});

/** Counts an `autocast` that begins; returns how many there are. */
export const autocast_increment_nesting = cFunction('torch.autocast_increment_nesting', (): number => {
  return native.autocast_increment_nesting();
});

/** Counts an `autocast` that ends; returns how many are left. */
export const autocast_decrement_nesting = cFunction('torch.autocast_decrement_nesting', (): number => {
  return native.autocast_decrement_nesting();
});

// Python's older names, one for each kind of device.

const enabledOn = (name: string, type: string) =>
  cFunction(`torch.${name}`, (): boolean => native.is_autocast_enabled(type));
const enableOn = (name: string, type: string) =>
  cFunction(`torch.${name}`, (enabled: boolean): void => {
    if (typeof enabled !== 'boolean') throw new TypeError(`${name}: enabled must be a bool (got ${typeName(enabled)})`);
    native.set_autocast_enabled(type, enabled);
  });
const dtypeOn = (name: string, type: string) => cFunction(`torch.${name}`, (): Dtype => get_autocast_dtype(type));
const setDtypeOn = (name: string, type: string) =>
  cFunction(`torch.${name}`, (dtype: Dtype): void => {
    if (!(dtype instanceof Dtype)) throw new TypeError(`dtype must be a torch.dtype (got ${typeName(dtype)})`);
    native.set_autocast_dtype(type, dtype.code);
  });

/** `is_autocast_enabled('cpu')`. */
export const is_autocast_cpu_enabled = enabledOn('is_autocast_cpu_enabled', 'cpu');
/** `set_autocast_enabled('cpu', enabled)`. */
export const set_autocast_cpu_enabled = enableOn('set_autocast_cpu_enabled', 'cpu');
/** `get_autocast_dtype('cpu')`. */
export const get_autocast_cpu_dtype = dtypeOn('get_autocast_cpu_dtype', 'cpu');
/** `set_autocast_dtype('cpu', dtype)`. */
export const set_autocast_cpu_dtype = setDtypeOn('set_autocast_cpu_dtype', 'cpu');
/** `get_autocast_dtype('cuda')`. */
export const get_autocast_gpu_dtype = dtypeOn('get_autocast_gpu_dtype', 'cuda');
/** `set_autocast_dtype('cuda', dtype)`. */
export const set_autocast_gpu_dtype = setDtypeOn('set_autocast_gpu_dtype', 'cuda');
/** `is_autocast_enabled('ipu')`. */
export const is_autocast_ipu_enabled = enabledOn('is_autocast_ipu_enabled', 'ipu');
/** `set_autocast_enabled('ipu', enabled)`. */
export const set_autocast_ipu_enabled = enableOn('set_autocast_ipu_enabled', 'ipu');
/** `get_autocast_dtype('ipu')`. */
export const get_autocast_ipu_dtype = dtypeOn('get_autocast_ipu_dtype', 'ipu');
/** `set_autocast_dtype('ipu', dtype)`. */
export const set_autocast_ipu_dtype = setDtypeOn('set_autocast_ipu_dtype', 'ipu');
/** `is_autocast_enabled('xla')`. */
export const is_autocast_xla_enabled = enabledOn('is_autocast_xla_enabled', 'xla');
/** `set_autocast_enabled('xla', enabled)`. */
export const set_autocast_xla_enabled = enableOn('set_autocast_xla_enabled', 'xla');
/** `get_autocast_dtype('xla')`. */
export const get_autocast_xla_dtype = dtypeOn('get_autocast_xla_dtype', 'xla');
/** `set_autocast_dtype('xla', dtype)`. */
export const set_autocast_xla_dtype = setDtypeOn('set_autocast_xla_dtype', 'xla');
