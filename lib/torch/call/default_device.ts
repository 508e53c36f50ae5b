/** Where new tensors are made when the call does not say (`torch.set_default_device`). */
import { native, type NativeOp } from '../native';
import { aten } from './aten';
import { type Device, device as deviceOf, type DeviceLike, within } from '../core';
import { pythonFunction } from './python_function';

let current: string | null = null;

/** The name of the device that was set, or null while none was. */
export function defaultDevice(): string | null {
  return current;
}

const setForGood = pythonFunction('set_default_device', ['device'], (device: DeviceLike | null): void => {
  current = device === null ? null : deviceOf(device).toString();
});

/**
 * Sets where factories make tensors when they get no device, for good or while `body` runs; null takes the setting
 * back. Tensors that share memory, and `*_like`, do not follow it. Every worker thread has its own setting.
 *
 * With `body` it is Python's `with torch.device('meta'):`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_device.html
 */
export function set_default_device(device: DeviceLike | null): void;
export function set_default_device(options: { device: DeviceLike | null }): void;
export function set_default_device<T>(device: DeviceLike | null, body: () => T): T;
export function set_default_device(...args: readonly unknown[]): unknown {
  const [device, body] = args;
  if (typeof body !== 'function') return (setForGood as (...given: readonly unknown[]) => void)(...args);
  return within(
    'set_default_device',
    () => {
      const before = current;
      setForGood(device as DeviceLike | null);
      return before;
    },
    (before) => {
      current = before;
    },
    body as () => unknown,
  );
}

/** Where factories make tensors when they get no device. */
export const get_default_device = pythonFunction('get_default_device', [], (): Device => {
  if (current === null) return deviceOf('cpu');
  const wanted = deviceOf(current);
  if (wanted.index !== null) return wanted;
  // A tensor knows which device of its kind is the current one.
  const probe = aten('empty.memory_format')([0], null, null, current) as number;
  try {
    return deviceOf(native.device(probe));
  } finally {
    native.release(probe);
  }
});

/** The functions that follow the default device, by the names of their operators. */
const factories = new Set([
  'empty',
  'empty_permuted',
  'empty_strided',
  'empty_quantized',
  'ones',
  'arange',
  'bartlett_window',
  'blackman_window',
  'eye',
  'fft_fftfreq',
  'fft_rfftfreq',
  'full',
  'hamming_window',
  'hann_window',
  'kaiser_window',
  'linspace',
  'logspace',
  'rand',
  'randn',
  'randint',
  'randperm',
  'range',
  'sparse_coo_tensor',
  'sparse_compressed_tensor',
  'sparse_csr_tensor',
  'sparse_csc_tensor',
  'sparse_bsr_tensor',
  'sparse_bsc_tensor',
  'tril_indices',
  'triu_indices',
  'zeros',
  'scalar_tensor',
]);

function isFactory(name: string): boolean {
  return factories.has(name.slice('aten::'.length).split('.')[0]!);
}

/** `op`, but a number for `native.call_numbered` where that will do. */
export function numberedOp(name: string): NativeOp | number {
  return isFactory(name) ? op(name) : native.number_of_op(name);
}

/** `native.op` for the functions of `torch`: what it gives for a factory follows the default device. */
export function op(name: string): NativeOp {
  const run = native.op(name);
  if (!isFactory(name)) return run;
  const index = native.schema(name).args.findIndex((argument) => argument.name === 'device');
  if (index < 0) return run;
  return (...args) => {
    if (current === null || (args[index] !== undefined && args[index] !== null)) return run(...args);
    const filled: unknown[] = [...args];
    filled[index] = current;
    // A hole would be an argument of its own; undefined takes the schema's default.
    return run(...Array.from(filled));
  };
}
