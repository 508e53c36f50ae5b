/**
 * The switches of automatic mixed precision. `torch.autocast` sets them for a function; they belong to the thread.
 * @see https://docs.pytorch.org/docs/stable/amp.html
 */
import { native } from '../native';
import { Dtype, dtypeOf, typeName } from '../core';
import { pythonFunction } from '../call';

function refuse(caller: string, name: string, position: number, expected: string, value: unknown): never {
  throw new TypeError(
    `${caller}(): argument '${name}' (position ${position}) must be ${expected}, not ${typeName(value)}`,
  );
}

function checkType(caller: string, device_type: unknown): void {
  if (typeof device_type !== 'string') refuse(caller, 'device_type', 1, 'str', device_type);
}

/** Whether autocast is on for a kind of device; for `cuda` without one, as in Python. */
export function is_autocast_enabled(device_type = 'cuda'): boolean {
  checkType('is_autocast_enabled', device_type);
  return native.is_autocast_enabled(device_type);
}

/** Switches autocast on or off for a kind of device; for `cuda` without one, as in Python. */
export function set_autocast_enabled(device_type: string, enabled: boolean): void;
export function set_autocast_enabled(enabled: boolean): void;
export function set_autocast_enabled(first: string | boolean, second?: boolean): void {
  if (typeof first === 'boolean' && second === undefined) {
    native.set_autocast_enabled('cuda', first);
    return;
  }
  if (second === undefined) refuse('set_autocast_enabled', 'enabled', 1, 'bool', first);
  checkType('set_autocast_enabled', first);
  if (typeof second !== 'boolean') refuse('set_autocast_enabled', 'enabled', 2, 'bool', second);
  native.set_autocast_enabled(first as string, second);
}

/** The dtype that autocast computes in on a kind of device. */
export const get_autocast_dtype = pythonFunction(
  'get_autocast_dtype',
  ['device_type'],
  (device_type: string): Dtype => {
    checkType('get_autocast_dtype', device_type);
    return dtypeOf(native.get_autocast_dtype(device_type));
  },
);

/** Sets the dtype that autocast computes in on a kind of device. */
export function set_autocast_dtype(device_type: string, dtype: Dtype): void {
  checkType('set_autocast_dtype', device_type);
  if (!(dtype instanceof Dtype)) refuse('set_autocast_dtype', 'dtype', 2, 'torch.dtype', dtype);
  native.set_autocast_dtype(device_type, dtype.code);
}

/** Whether autocast keeps its casts of leaf tensors (weights) until the outermost `autocast` ends. */
export const is_autocast_cache_enabled = pythonFunction('is_autocast_cache_enabled', [], (): boolean => {
  return native.is_autocast_cache_enabled();
});

/** Sets whether autocast keeps its casts of leaf tensors. */
export const set_autocast_cache_enabled = pythonFunction(
  'set_autocast_cache_enabled',
  ['enabled'],
  (enabled: boolean): void => {
    if (typeof enabled !== 'boolean') throw new TypeError(`enabled must be a bool (got ${typeName(enabled)})`);
    native.set_autocast_cache_enabled(enabled);
  },
);

/** Forgets the casts that autocast kept. */
export const clear_autocast_cache = pythonFunction('clear_autocast_cache', [], (): void => {
  native.clear_autocast_cache();
});

/** Counts an `autocast` that begins; returns how many there are. */
export const autocast_increment_nesting = pythonFunction('autocast_increment_nesting', [], (): number => {
  return native.autocast_increment_nesting();
});

/** Counts an `autocast` that ends; returns how many are left. */
export const autocast_decrement_nesting = pythonFunction('autocast_decrement_nesting', [], (): number => {
  return native.autocast_decrement_nesting();
});

// Python's older names, one for each kind of device.

const enabledOn = (name: string, type: string) =>
  pythonFunction(name, [], (): boolean => native.is_autocast_enabled(type));
const enableOn =
  (name: string, type: string) =>
  (enabled: boolean): void => {
    if (typeof enabled !== 'boolean') throw new TypeError(`${name}: enabled must be a bool (got ${typeName(enabled)})`);
    native.set_autocast_enabled(type, enabled);
  };
const dtypeOn = (name: string, type: string) => pythonFunction(name, [], (): Dtype => get_autocast_dtype(type));
const setDtypeOn =
  (type: string) =>
  (dtype: Dtype): void => {
    if (!(dtype instanceof Dtype)) throw new TypeError(`dtype must be a torch.dtype (got ${typeName(dtype)})`);
    native.set_autocast_dtype(type, dtype.code);
  };

/** `is_autocast_enabled('cpu')`. */
export const is_autocast_cpu_enabled = enabledOn('is_autocast_cpu_enabled', 'cpu');
/** `set_autocast_enabled('cpu', enabled)`. */
export const set_autocast_cpu_enabled = enableOn('set_autocast_cpu_enabled', 'cpu');
/** `get_autocast_dtype('cpu')`. */
export const get_autocast_cpu_dtype = dtypeOn('get_autocast_cpu_dtype', 'cpu');
/** `set_autocast_dtype('cpu', dtype)`. */
export const set_autocast_cpu_dtype = setDtypeOn('cpu');
/** `get_autocast_dtype('cuda')`. */
export const get_autocast_gpu_dtype = dtypeOn('get_autocast_gpu_dtype', 'cuda');
/** `set_autocast_dtype('cuda', dtype)`. */
export const set_autocast_gpu_dtype = setDtypeOn('cuda');
/** `is_autocast_enabled('ipu')`. */
export const is_autocast_ipu_enabled = enabledOn('is_autocast_ipu_enabled', 'ipu');
/** `set_autocast_enabled('ipu', enabled)`. */
export const set_autocast_ipu_enabled = enableOn('set_autocast_ipu_enabled', 'ipu');
/** `get_autocast_dtype('ipu')`. */
export const get_autocast_ipu_dtype = dtypeOn('get_autocast_ipu_dtype', 'ipu');
/** `set_autocast_dtype('ipu', dtype)`. */
export const set_autocast_ipu_dtype = setDtypeOn('ipu');
/** `is_autocast_enabled('xla')`. */
export const is_autocast_xla_enabled = enabledOn('is_autocast_xla_enabled', 'xla');
/** `set_autocast_enabled('xla', enabled)`. */
export const set_autocast_xla_enabled = enableOn('set_autocast_xla_enabled', 'xla');
/** `get_autocast_dtype('xla')`. */
export const get_autocast_xla_dtype = dtypeOn('get_autocast_xla_dtype', 'xla');
/** `set_autocast_dtype('xla', dtype)`. */
export const set_autocast_xla_dtype = setDtypeOn('xla');
