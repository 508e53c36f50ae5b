/** Memory of GPUs, and the pinned memory of the host beside it. */
import { deviceIndex, type DeviceOfKind, figuresOf, memory_stats, requireDevice } from '../accelerator';
import { native, ValueError } from '../native';
import { pythonFunction } from '../call';
import { typeName } from '../core';

/** Figures within figures: Python's nested dicts. */
export interface NestedFigures {
  [name: string]: number | NestedFigures;
}

/** `a.b.c` → 1 as `{ a: { b: { c: 1 } } }`. */
function nested(figures: Readonly<Record<string, number>>): NestedFigures {
  const result: NestedFigures = {};
  for (const [path, value] of Object.entries(figures)) {
    const names = path.split('.');
    const last = names.pop()!;
    let place = result;
    for (const name of names) {
      place[name] ??= {};
      place = place[name] as NestedFigures;
    }
    place[last] = value;
  }
  return result;
}

/** The figures of `memory_stats`, one object within the other. */
export const memory_stats_as_nested_dict = pythonFunction(
  'memory_stats_as_nested_dict',
  ['device'],
  (device: DeviceOfKind = null): NestedFigures => nested(memory_stats(device)),
);

function reset(name: string, peak: boolean) {
  return pythonFunction(name, ['device'], (device: DeviceOfKind = null): void => {
    native.reset_device_memory_stats(deviceIndex('cuda', device), peak);
  });
}

/** Starts the "most so far" figures again. */
export const reset_peak_memory_stats = reset('reset_peak_memory_stats', true);

/** Starts the "ever allocated" figures again. */
export const reset_accumulated_memory_stats = reset('reset_accumulated_memory_stats', false);

const hostFigures = (): Record<string, number> =>
  native.device_count('cuda') > 0 ? figuresOf(native.host_memory_figures()) : {};

/** Figures of the allocator of pinned memory, for example `allocated_bytes.current`; none without a GPU. */
export const host_memory_stats = pythonFunction('host_memory_stats', [], hostFigures);

/** The same figures, one object within the other. */
export const host_memory_stats_as_nested_dict = pythonFunction(
  'host_memory_stats_as_nested_dict',
  [],
  (): NestedFigures => nested(hostFigures()),
);

function resetHost(name: string, peak: boolean) {
  return pythonFunction(name, [], (): void => {
    requireDevice('cuda');
    native.reset_host_memory_stats(peak);
  });
}

/** Starts the "most so far" figures of pinned memory again. */
export const reset_peak_host_memory_stats = resetHost('reset_peak_host_memory_stats', true);

/** Starts the "ever allocated" figures of pinned memory again. */
export const reset_accumulated_host_memory_stats = resetHost('reset_accumulated_host_memory_stats', false);

/**
 * Limits the memory that this process takes of a device to a share of all its memory; what needs more throws
 * OutOfMemoryError.
 * @throws ValueError for a share outside of [0, 1]
 */
export const set_per_process_memory_fraction = pythonFunction(
  'set_per_process_memory_fraction',
  ['fraction', 'device'],
  (fraction: number, device: DeviceOfKind = null): void => {
    const index = deviceIndex('cuda', device);
    if (typeof fraction !== 'number') {
      throw new TypeError(`Invalid type for fraction argument, must be \`float\`, but got ${typeName(fraction)}`);
    }
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new ValueError(`Invalid fraction value: ${fraction}. Allowed range: 0~1`);
    }
    native.cuda_set_memory_fraction(index, fraction);
  },
);

/** The share. */
export const get_per_process_memory_fraction = pythonFunction(
  'get_per_process_memory_fraction',
  ['device'],
  (device: DeviceOfKind = null): number => native.cuda_memory_fraction(deviceIndex('cuda', device)),
);

/** Name of the allocator: `native`, or `cudaMallocAsync`. */
export const get_allocator_backend = pythonFunction('get_allocator_backend', [], (): string => {
  return native.cuda_allocator_backend();
});
