/** `torch.cuda`: NVIDIA's devices. What PyTorch has and this has not, and why, is in COMPAT.md. */
import { type DeviceModule, deviceModule, modules } from '../accelerator';
import { device as makeDevice, type DeviceLike } from '../core';
import { AcceleratorError, native, OutOfMemoryError, TorchError } from '../native';
import { pythonFunction } from '../call';
import { Generator } from '../random';
import * as devices from './devices';
import { make_graphed_callables } from './graphed_callables';
import * as graphs from './graphs';
import * as memory from './memory';
import { memory_summary } from './memory_summary';
import * as nvtx from './nvtx';
import * as streams from './streams';

export type { DeviceProperties } from './devices';
export type { CaptureErrorMode, GraphOptions } from './graphs';

const shared: Omit<DeviceModule, keyof typeof streams> = deviceModule('cuda');

/** `torch.cuda`. Questions answer 0 or false without a GPU; everything else throws Python's error. */
export const cuda = Object.freeze({
  ...shared,
  ...streams,
  ...devices,
  ...memory,
  memory_summary,
  ...graphs,
  make_graphed_callables,
  nvtx,
  AcceleratorError,
  OutOfMemoryError,
  /** The devices' default generators. */
  get default_generators(): readonly Generator[] {
    return Array.from({ length: native.device_count('cuda') }, (_, i) => Generator.default(`cuda:${i}`));
  },
});

/** The namespace of a device's kind. */
type AnyModule = (typeof modules)[string] | typeof cuda;

/**
 * The namespace of a device's kind, for example `torch.cuda` for `'cuda:1'`; the accelerator's, or `torch.cpu`, for none.
 * @throws TorchError for a kind that has no namespace
 */
export const get_device_module = pythonFunction(
  'get_device_module',
  ['device'],
  (device: DeviceLike | null = null): AnyModule => {
    const type = device === null ? (native.current_accelerator(false) ?? 'cpu') : makeDevice(device).type;
    const found = type === 'cuda' ? cuda : modules[type];
    if (found === undefined) {
      throw new TorchError(`Device '${type}' does not have a corresponding module registered as 'torch.${type}'.`);
    }
    return found;
  },
);
