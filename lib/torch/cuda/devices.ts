/** CUDA's devices: what they are, and what they can do. */
import { __config__ } from '../backends';
import { deviceIndex, type DeviceOfKind, requireDevice } from '../accelerator';
import { AssertionError, native, TorchError } from '../native';
import { pythonFunction } from '../call';

/** What CUDA says of a device, under the names that Python has; numbers of bytes and of threads. */
export interface DeviceProperties {
  readonly name: string;
  /** Compute capability: its first and its second number. */
  readonly major: number;
  readonly minor: number;
  readonly is_multi_gpu_board: number;
  readonly is_integrated: number;
  readonly multi_processor_count: number;
  readonly total_memory: number;
  readonly warp_size: number;
  readonly max_threads_per_multi_processor: number;
  readonly max_threads_per_block: number;
  readonly regs_per_multiprocessor: number;
  readonly shared_memory_per_block: number;
  readonly shared_memory_per_block_optin: number;
  readonly shared_memory_per_multiprocessor: number;
  readonly L2_cache_size: number;
  readonly pci_bus_id: number;
  readonly pci_device_id: number;
  readonly pci_domain_id: number;
  readonly uuid: string;
}

const indexOf = (device: DeviceOfKind): number => deviceIndex('cuda', device);

const available = (): boolean => native.device_count('cuda') > 0;

/** Gets CUDA ready, which everything else does when it needs it. @throws AssertionError or TorchError without a device */
export const init = pythonFunction('init', [], (): void => requireDevice('cuda'));

/** All properties of a device. */
export const get_device_properties = pythonFunction(
  'get_device_properties',
  ['device'],
  (device: DeviceOfKind = null): DeviceProperties => {
    const index = indexOf(device);
    if (index < 0 || index >= native.device_count('cuda')) throw new AssertionError('Invalid device id');
    return Object.freeze(native.cuda_properties(index)) as unknown as DeviceProperties;
  },
);

/** Name of a device, such as `NVIDIA H200`. */
export const get_device_name = pythonFunction('get_device_name', ['device'], (device: DeviceOfKind = null): string => {
  return get_device_properties(device).name;
});

/** Compute capability of a device, such as `[9, 0]`. */
export const get_device_capability = pythonFunction(
  'get_device_capability',
  ['device'],
  (device: DeviceOfKind = null): [major: number, minor: number] => {
    const { major, minor } = get_device_properties(device);
    return [major, minor];
  },
);

/** Whether one device can read another one's memory. */
export const can_device_access_peer = pythonFunction(
  'can_device_access_peer',
  ['device', 'peer_device'],
  (device: DeviceOfKind, peer_device: DeviceOfKind): boolean => {
    const [own, peer] = [indexOf(device), indexOf(peer_device)];
    const count = native.device_count('cuda');
    for (const [index, what] of [
      [own, 'device id'],
      [peer, 'peer device id'],
    ] as const) {
      if (index < 0 || index >= count) throw new AssertionError(`Invalid ${what}`);
    }
    return native.cuda_can_access_peer(own, peer);
  },
);

/** Architectures that this libtorch has code for, such as `sm_90`; none without CUDA. */
export const get_arch_list = pythonFunction('get_arch_list', [], (): string[] => {
  const flags = /NVCC architecture flags: (.*)/.exec(__config__.show())?.[1] ?? '';
  return [...flags.matchAll(/code=\[?((?:sm|compute)_\w+)/g)].map(([, arch]) => arch!);
});

/** Those architectures as flags of CUDA's compiler. */
export const get_gencode_flags = pythonFunction('get_gencode_flags', [], (): string => {
  return get_arch_list()
    .map((name) => name.split('_') as [kind: string, arch: string])
    .map(([kind, arch]) => `-gencode compute=compute_${arch},code=${kind}_${arch}`)
    .join(' ');
});

/** Whether the current device computes in bfloat16; with `including_emulation` also slowly. */
export const is_bf16_supported = pythonFunction(
  'is_bf16_supported',
  ['including_emulation'],
  (including_emulation: boolean = true): boolean => {
    // All devices that libtorch 2.11 and newer run on can hold bfloat16, so that it can be emulated.
    return available() && (including_emulation || get_device_properties().major >= 8);
  },
);

/** Whether the current device computes in tf32. */
export const is_tf32_supported = pythonFunction('is_tf32_supported', [], (): boolean => is_bf16_supported(false));

const SYNC_MODES = ['default', 'warn', 'error'];

/** What an operation that waits for the device does: 0 or `default` nothing, 1 or `warn` warns, 2 or `error` throws. */
export const set_sync_debug_mode = pythonFunction(
  'set_sync_debug_mode',
  ['debug_mode'],
  (debug_mode: number | string): void => {
    requireDevice('cuda');
    const mode = typeof debug_mode === 'string' ? SYNC_MODES.indexOf(debug_mode) : debug_mode;
    if (mode === -1 && typeof debug_mode === 'string') {
      throw new TorchError('invalid value of debug_mode, expected one of `default`, `warn`, `error`');
    }
    if (!Number.isInteger(mode) || mode < 0 || mode > 2) {
      throw new TorchError('invalid value of debug_mode, expected one of 0,1,2');
    }
    native.cuda_set_sync_debug_mode(mode);
  },
);

/** The mode as a number. */
export const get_sync_debug_mode = pythonFunction('get_sync_debug_mode', [], (): number => {
  requireDevice('cuda');
  return native.cuda_sync_debug_mode();
});
