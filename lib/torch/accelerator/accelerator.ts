/** `torch.accelerator`: the accelerator of this machine, whatever its kind; everything but the questions needs one. */
import { native, TorchError } from '../native';
import { type Device, device as makeDevice, type DeviceLike, within } from '../core';
import { type Stream, streamOf } from './stream';
import { pythonFunction } from '../call';

/** A device as these functions take it: its number, its name, or none for the current one. */
export type AcceleratorLike = DeviceLike | number | null;

/** Kind of the accelerator. @throws TorchError "Cannot access accelerator device when none is available." */
function kind(): string {
  return native.current_accelerator(true) as string;
}

function indexOf(device: AcceleratorLike | undefined): number {
  const accelerator = kind();
  if (typeof device === 'number') return device;
  if (device === null || device === undefined) return native.current_device_index(accelerator);
  const { type, index } = makeDevice(device);
  if (type !== accelerator) {
    throw new TorchError(`device type ${type} does not match the current accelerator type ${accelerator}.`);
  }
  return index ?? native.current_device_index(accelerator);
}

const named = (index: number): string => `${kind()}:${index}`;

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

/** Makes the stream its device's current one. */
export const set_stream = pythonFunction('set_stream', ['stream'], (stream: Stream): void => {
  native.set_stream([stream.stream_id, stream.device_index, stream.device_type]);
});

/** Waits for all work on the device. */
export const synchronize = pythonFunction('synchronize', ['device'], (device: AcceleratorLike = null): void => {
  native.synchronize(named(indexOf(device)));
});

/** Gives memory that no tensor uses back to the device. */
export const empty_cache = pythonFunction('empty_cache', [], (): void => {
  if (is_available()) native.empty_device_cache();
});

/** One figure of the allocator; 0 where there is no device. */
function memoryFigure(name: string, read: (stats: ReturnType<typeof native.device_memory_stats>) => number) {
  return pythonFunction(name, ['device'], (device: AcceleratorLike = null): number => {
    return is_available() ? read(native.device_memory_stats(indexOf(device))) : 0;
  });
}

/** Bytes of tensors on the device; 0 where there is none. */
export const memory_allocated = memoryFigure('memory_allocated', ([[current]]) => current);

/** The most bytes of tensors so far. */
export const max_memory_allocated = memoryFigure('max_memory_allocated', ([[, peak]]) => peak);

/** Bytes that the allocator holds on the device, used or not. */
export const memory_reserved = memoryFigure('memory_reserved', ([, [current]]) => current);

/** The most bytes that the allocator has held so far. */
export const max_memory_reserved = memoryFigure('max_memory_reserved', ([, [, peak]]) => peak);

function memoryReset(name: string, peak: boolean) {
  return pythonFunction(name, ['device'], (device: AcceleratorLike = null): void => {
    if (is_available()) native.reset_device_memory_stats(indexOf(device), peak);
  });
}

/** Starts the "most so far" figures again. */
export const reset_peak_memory_stats = memoryReset('reset_peak_memory_stats', true);

/** Starts the "ever allocated" figures again. */
export const reset_accumulated_memory_stats = memoryReset('reset_accumulated_memory_stats', false);

/** All figures by Python's names, for example `allocated_bytes.all.peak`; none where there is no device. */
export const memory_stats = pythonFunction(
  'memory_stats',
  ['device'],
  (device: AcceleratorLike = null): Record<string, number> => {
    if (!is_available()) return {};
    const [allocated, reserved] = native.device_memory_stats(indexOf(device));
    const figures = Object.entries({ allocated_bytes: allocated, reserved_bytes: reserved });
    const names = ['current', 'peak', 'allocated', 'freed'];
    return Object.fromEntries(
      figures.flatMap(([what, counts]) => counts.map((count, i) => [`${what}.all.${names[i]}`, count])),
    );
  },
);
