/** `torch.cpu` and the other kinds of devices: what can be asked of them without their own libraries. */
import { native } from '../native';
import { checkBody, type DeviceLike } from '../core';
import { pythonFunction } from '../call';
import { type DeviceModule, deviceModule } from './device_module';
import { Event, Stream, streamOf } from './stream';

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

/** The namespaces of the kinds, but for `torch.cuda`. */
export const modules: Readonly<Record<string, DeviceModule | typeof cpu>> = { cpu, xpu, mtia, mps };
