/** `torch.cuda`, `torch.cpu` and the other kinds of devices: what can be asked of them without their own libraries. */
import { native, TorchError } from '../native';
import { checkBody, device as makeDevice, type DeviceLike } from '../core';
import { pythonFunction } from '../call';
import { type DeviceModule, deviceModule } from './device_module';
import { Event, Stream, streamOf } from './stream';

/** `torch.cuda`: NVIDIA's (and, in such builds, AMD's) devices. */
export const cuda = deviceModule('cuda');

/** `torch.xpu`: Intel's devices. */
export const xpu = deviceModule('xpu');

/** `torch.mtia`: Meta's devices. */
export const mtia = deviceModule('mtia');

/** `torch.mps`: Apple's device. */
export const mps = deviceModule('mps');

/** `torch.cpu`: the same questions of the CPU, so that code need not know its device. */
export const cpu = {
  Stream,
  Event,
  /** True. */
  is_available: pythonFunction('is_available', [], (): boolean => true),
  /** True. */
  is_initialized: pythonFunction('is_initialized', [], (): boolean => true),
  /** Nothing: the CPU is never behind. */
  synchronize: pythonFunction('synchronize', ['device'], (_device: DeviceLike | null = null): void => {}),
  /** `'cpu'`. */
  current_device: pythonFunction('current_device', [], (): string => 'cpu'),
  /** 1. */
  device_count: pythonFunction('device_count', [], (): number => 1),
  /** Nothing: there is one. */
  set_device: pythonFunction('set_device', ['device'], (_device: DeviceLike): void => {}),
  /** The CPU's only stream. */
  current_stream: pythonFunction(
    'current_stream',
    ['device'],
    (_device: DeviceLike | null = null): Stream => streamOf(native.current_stream('cpu'), 'cpu'),
  ),
  /** Runs `body`, whatever the stream: the CPU has one. */
  stream<T>(_stream: Stream, body: () => T): T {
    checkBody('stream', body);
    return body();
  },
} as const;

const modules: Readonly<Record<string, DeviceModule | typeof cpu>> = { cpu, cuda, xpu, mtia, mps };

/**
 * The namespace of a device's kind, for example `torch.cuda` for `'cuda:1'`; the accelerator's, or `torch.cpu`, for none.
 * @throws TorchError for a kind that has no namespace
 */
export const get_device_module = pythonFunction(
  'get_device_module',
  ['device'],
  (device: DeviceLike | null = null): DeviceModule | typeof cpu => {
    const type = device === null ? (native.current_accelerator(false) ?? 'cpu') : makeDevice(device).type;
    const found = modules[type];
    if (found === undefined) {
      throw new TorchError(`Device '${type}' does not have a corresponding module registered as 'torch.${type}'.`);
    }
    return found;
  },
);
