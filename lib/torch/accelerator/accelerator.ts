/** `torch.accelerator`: the accelerator of this machine, whatever its kind; everything but the questions needs one. */
import { native } from '../native';
import { type Device, device as makeDevice, type Dtype, dtypeOf, within } from '../core';
import { type Stream, streamOf } from './stream';
import { pythonFunction } from '../call';
import { type AcceleratorLike, indexOf, kind, named } from './which';

/** The accelerator's device without an index, or null where libtorch has none or, on request, the machine has none. */
export const current_accelerator = pythonFunction(
  'current_accelerator',
  ['check_available'],
  (check_available: boolean = false): Device | null => {
    const type = native.current_accelerator(false);
    return type === null || (check_available && !is_available()) ? null : makeDevice(type);
  },
);

/** Number of the accelerator's devices. */
export const device_count = pythonFunction('device_count', [], (): number => {
  const type = native.current_accelerator(false);
  return type === null ? 0 : native.device_count(type);
});

/** Whether there is at least one device. */
export const is_available = pythonFunction('is_available', [], (): boolean => {
  return device_count() > 0;
});

/** Number of the current device. */
export const current_device_index = pythonFunction('current_device_index', [], (): number => {
  return native.current_device_index(kind());
});

/** The name that `current_device_index` had. */
export const current_device_idx = current_device_index;

/** Makes a device the current one. */
export const set_device_index = pythonFunction('set_device_index', ['device'], (device: AcceleratorLike): void => {
  native.set_device_index(named(indexOf(device)));
});

/** The name that `set_device_index` had. */
export const set_device_idx = set_device_index;

/** Runs `body` with another current device and returns its result. Python: `with torch.accelerator.device_index(1):`. */
export function device_index<T>(device: number | null, body: () => T): T {
  return within(
    'device_index',
    () => {
      if (device === null) return null;
      const before = current_device_index();
      set_device_index(device);
      return before;
    },
    (before) => {
      if (before !== null) set_device_index(before);
    },
    body,
  );
}

/** The device's current stream. */
export const current_stream = pythonFunction('current_stream', ['device'], (device: AcceleratorLike = null): Stream => {
  const name = named(indexOf(device));
  return streamOf(native.current_stream(name), name);
});

/** Makes the stream its device's current one, and the device the current device. */
export const set_stream = pythonFunction('set_stream', ['stream'], (stream: Stream): void => {
  native.set_stream([stream.stream_id, stream.device_index, stream.device_type]);
  native.set_device_index(String(stream.device));
});

/** Waits for all work on the device. */
export const synchronize = pythonFunction('synchronize', ['device'], (device: AcceleratorLike = null): void => {
  native.synchronize(named(indexOf(device)));
});

/** The dtypes that tensors on a device may have, as `supported_dtypes`. */
export const get_device_capability = pythonFunction(
  'get_device_capability',
  ['device'],
  (device: AcceleratorLike = null): { supported_dtypes: Set<Dtype> } => ({
    supported_dtypes: new Set(native.device_dtypes(indexOf(device)).map(dtypeOf)),
  }),
);

export type { AcceleratorLike } from './which';
export { type CaptureErrorMode, Graph } from './graph';
export {
  empty_cache,
  empty_host_cache,
  get_memory_info,
  max_memory_allocated,
  max_memory_reserved,
  memory_allocated,
  memory_reserved,
  memory_stats,
  reset_accumulated_memory_stats,
  reset_peak_memory_stats,
} from './memory';
