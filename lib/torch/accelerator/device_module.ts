/** Base of `torch.cuda`, `torch.xpu`, …. */
import { AssertionError, native, ValueError } from '../native';
import { Generator } from '../random';
import { seedBits } from '../random/inside';
import { checkBody, device as makeDevice, type DeviceLike, typeName, within } from '../core';
import { pythonFunction } from '../call';
import { isTensor, type Tensor } from '../memory';
import { set_stream } from './accelerator';
import * as memory from './memory';
import { Event, Stream, streamOf } from './stream';

/** A device of one kind: its number, its name, or null for the current one. */
export type DeviceOfKind = DeviceLike | number | null;

/** Spelling of the kind in Python's message. */
const SPELLED: Readonly<Record<string, string>> = { cuda: 'CUDA', xpu: 'XPU', mtia: 'MTIA', mps: 'MPS' };

/** The namespace of one kind of memory. Questions answer 0 or false without a device; everything else throws. */
export interface DeviceModule {
  Stream: typeof Stream;
  Event: typeof Event;
  /** Whether this libtorch supports the kind and the machine has such a device. */
  is_available(): boolean;
  /** Whether the devices can be used: as `is_available`. */
  is_initialized(): boolean;
  /** Number of devices. */
  device_count(): number;
  /** Number of the current device. */
  current_device(): number;
  /** Makes a device the current one. A negative number does nothing. */
  set_device(device: DeviceOfKind): void;
  /** Runs `body` with another current device and returns its result. Python: `with torch.cuda.device(1):`. */
  device<T>(device: DeviceOfKind, body: () => T): T;
  /** Runs `body` on the device of a tensor; on the current one if the tensor is on no such device. */
  device_of<T>(obj: Tensor, body: () => T): T;
  /** Waits for everything queued on a device, the current one by default. */
  synchronize(device?: DeviceOfKind): void;
  /** The device's current stream. */
  current_stream(device?: DeviceOfKind): Stream;
  /** The device's default stream. */
  default_stream(device?: DeviceOfKind): Stream;
  /** Makes the stream its device's current one. */
  set_stream(stream: Stream): void;
  /** Runs `body` with another current stream and returns its result. Python: `with torch.cuda.stream(s):`. */
  stream<T>(stream: Stream | null, body: () => T): T;
  /** Gives memory that no tensor uses back to the device. */
  empty_cache(): void;
  memory_allocated(device?: DeviceOfKind): number;
  max_memory_allocated(device?: DeviceOfKind): number;
  memory_reserved(device?: DeviceOfKind): number;
  max_memory_reserved(device?: DeviceOfKind): number;
  reset_peak_memory_stats(device?: DeviceOfKind): void;
  reset_accumulated_memory_stats(device?: DeviceOfKind): void;
  /** All figures of the allocator, for example `allocated_bytes.all.peak`. */
  memory_stats(device?: DeviceOfKind): Record<string, number>;
  /** Bytes of the device: free, and all. */
  mem_get_info(device?: DeviceOfKind): [free: number, total: number];
  /** Seeds the current device's default generator; nothing without a device. */
  manual_seed(seed: number | bigint): void;
  /** Seeds every device's default generator. */
  manual_seed_all(seed: number | bigint): void;
  /** Seeds the current device's default generator at random; nothing without a device. */
  seed(): void;
  /** Seeds every device's default generator at random, all alike. */
  seed_all(): void;
  /** The seed of the current device's default generator. */
  initial_seed(): number | bigint;
  /** State of a device's default generator. */
  get_rng_state(device?: DeviceOfKind): Tensor;
  /** Sets the state of a device's default generator. */
  set_rng_state(state: Tensor, device?: DeviceOfKind): void;
  /** States of all devices' default generators. */
  get_rng_state_all(): Tensor[];
  /** Sets them. */
  set_rng_state_all(new_states: readonly Tensor[]): void;
}

/** Throws, in Python's words, where there is no device of the kind. */
export function requireDevice(type: string): void {
  if (native.device_count(type) > 0) return;
  // A build for CUDA knows more: no driver, one that is too old, no device.
  if (type === 'cuda' && native.get_backend_flag('has.cuda')) native.cuda_require_gpu();
  throw new AssertionError(`Torch not compiled with ${SPELLED[type]} enabled`);
}

/** Number of a device of the kind. @throws AssertionError or TorchError, as `requireDevice` */
export function deviceIndex(type: string, device: DeviceOfKind | undefined): number {
  requireDevice(type);
  if (typeof device === 'number') return device;
  const given = device === null || device === undefined ? null : makeDevice(device);
  if (given !== null && given.type !== type) throw new ValueError(`Expected a ${type} device, but got: ${given}`);
  return given?.index ?? native.current_device_index(type);
}

/** The namespace of the devices of one kind. */
export function deviceModule(type: string): DeviceModule {
  const count = (): number => native.device_count(type);
  const indexOf = (device: DeviceOfKind | undefined): number => deviceIndex(type, device);

  const named = (device?: DeviceOfKind): string => `${type}:${indexOf(device)}`;
  const generator = (device?: DeviceOfKind): Generator => Generator.default(named(device));

  const module: DeviceModule = {
    Stream,
    Event,
    is_available: pythonFunction('is_available', [], () => count() > 0),
    is_initialized: pythonFunction('is_initialized', [], () => count() > 0),
    device_count: pythonFunction('device_count', [], count),
    current_device: pythonFunction('current_device', [], () => indexOf(null)),
    set_device: pythonFunction('set_device', ['device'], (device: DeviceOfKind): void => {
      if (typeof device !== 'number' || device >= 0) native.set_device_index(named(device));
    }),
    device: (device, body) =>
      within(
        'device',
        () => {
          const before = indexOf(null);
          module.set_device(device);
          return before;
        },
        module.set_device,
        body,
      ),
    device_of: (obj, body) => {
      if (!isTensor(obj)) throw new TypeError(`device_of(): argument 'obj' must be a Tensor, not ${typeName(obj)}`);
      checkBody('device_of', body);
      return obj.device.type === type ? module.device(obj.device, body) : body();
    },
    // Python's takes none where there is one device at most.
    synchronize: pythonFunction('synchronize', type === 'mps' ? [] : ['device'], (device: DeviceOfKind = null) =>
      native.synchronize(named(device)),
    ),
    current_stream: pythonFunction('current_stream', ['device'], (device: DeviceOfKind = null) =>
      streamOf(native.current_stream(named(device)), named(device)),
    ),
    default_stream: pythonFunction('default_stream', ['device'], (device: DeviceOfKind = null) =>
      streamOf(native.default_stream(named(device)), named(device)),
    ),
    set_stream,
    stream: (stream, body) =>
      within(
        'stream',
        () => {
          if (stream === null) return null;
          const before = module.current_stream(stream.device);
          module.set_stream(stream);
          return before;
        },
        (before) => {
          if (before !== null) module.set_stream(before);
        },
        body,
      ),
    empty_cache: memory.empty_cache,
    memory_allocated: memory.memory_allocated,
    max_memory_allocated: memory.max_memory_allocated,
    memory_reserved: memory.memory_reserved,
    max_memory_reserved: memory.max_memory_reserved,
    reset_peak_memory_stats: memory.reset_peak_memory_stats,
    reset_accumulated_memory_stats: memory.reset_accumulated_memory_stats,
    memory_stats: memory.memory_stats,
    mem_get_info: pythonFunction('mem_get_info', ['device'], (device: DeviceOfKind = null) =>
      native.device_memory_info(indexOf(device)),
    ),
    manual_seed: pythonFunction('manual_seed', ['seed'], (seed: number | bigint): void => {
      seedBits(seed);
      if (count() > 0) generator().manual_seed(seed);
    }),
    manual_seed_all: pythonFunction('manual_seed_all', ['seed'], (seed: number | bigint): void => {
      seedBits(seed);
      for (let i = 0; i < count(); i++) generator(i).manual_seed(seed);
    }),
    seed: pythonFunction('seed', [], (): void => {
      if (count() > 0) generator().seed();
    }),
    seed_all: pythonFunction('seed_all', [], (): void => {
      if (count() === 0) return;
      const seed = generator(0).seed();
      for (let i = 1; i < count(); i++) generator(i).manual_seed(seed);
    }),
    initial_seed: pythonFunction('initial_seed', [], () => generator().initial_seed()),
    get_rng_state: pythonFunction('get_rng_state', ['device'], (device: DeviceOfKind = null) =>
      generator(device).get_state(),
    ),
    set_rng_state: pythonFunction(
      'set_rng_state',
      ['new_state', 'device'],
      (new_state: Tensor, device: DeviceOfKind = null): void => {
        // As Python, which puts it off until there is a device.
        if (count() > 0) generator(device).set_state(new_state);
      },
    ),
    get_rng_state_all: pythonFunction('get_rng_state_all', [], (): Tensor[] =>
      Array.from({ length: count() }, (_, i) => module.get_rng_state(i)),
    ),
    set_rng_state_all: pythonFunction('set_rng_state_all', ['new_states'], (new_states: readonly Tensor[]): void => {
      for (const [i, state] of new_states.entries()) module.set_rng_state(state, i);
    }),
  };
  return Object.freeze(module);
}
