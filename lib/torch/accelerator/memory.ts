/** Memory of the accelerator: what its allocator holds, and what tensors hold of that. */
import { native } from '../native';
import { pythonFunction } from '../call';
import { type AcceleratorLike, indexOf } from './which';

const available = (): boolean => {
  const type = native.current_accelerator(false);
  return type !== null && native.device_count(type) > 0;
};

/** Figures by Python's names, sorted by name as Python's are. */
export function figuresOf(list: readonly (string | number)[]): Record<string, number> {
  const pairs: [string, number][] = [];
  for (let i = 0; i < list.length; i += 2) pairs.push([list[i] as string, list[i + 1] as number]);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Gives memory that no tensor uses back to the device, garbage's too: Python has none, as it counts references. */
export const empty_cache = pythonFunction('empty_cache', [], (): void => {
  if (!available()) return;
  native.collect();
  native.empty_device_cache();
});

/** Gives pinned memory of the host that no tensor uses back. */
export const empty_host_cache = pythonFunction('empty_host_cache', [], (): void => {
  native.empty_host_cache();
});

/** Bytes of the device: free, and all. */
export const get_memory_info = pythonFunction(
  'get_memory_info',
  ['device'],
  (device: AcceleratorLike = null): [free: number, total: number] => native.device_memory_info(indexOf(device)),
);

/** One figure of the allocator; 0 where there is no device. */
function memoryFigure(name: string, read: (totals: ReturnType<typeof native.device_memory_totals>) => number) {
  return pythonFunction(name, ['device'], (device: AcceleratorLike = null): number => {
    return available() ? read(native.device_memory_totals(indexOf(device))) : 0;
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
    if (available()) native.reset_device_memory_stats(indexOf(device), peak);
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
    return available() ? figuresOf(native.device_memory_figures(indexOf(device))) : {};
  },
);
