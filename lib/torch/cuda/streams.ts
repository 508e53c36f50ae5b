/** CUDA's streams and events. */
import { type Device, device as makeDevice, type DeviceLike, within } from '../core';
import {
  deviceIndex,
  type DeviceOfKind,
  Event as AnyEvent,
  requireDevice,
  set_stream as setStream,
  Stream as AnyStream,
} from '../accelerator';
import { native, type StreamParts, TorchError } from '../native';
import { pythonClass, pythonFunction } from '../call';
import { requireBuilt } from './built';

const named = (device: DeviceOfKind): string => `cuda:${deviceIndex('cuda', device)}`;

const hexadecimal = (handle: bigint): string => `0x${handle.toString(16)}`;

class StreamOfCuda extends AnyStream {
  constructor(
    device: DeviceLike | null = null,
    priority: number = 0,
    stream_id: number | null = null,
    device_index: number = 0,
    device_type: number = 1,
  ) {
    if (!native.get_backend_flag('has.cuda')) throw new TorchError('torch.cuda.Stream requires CUDA support');
    if (stream_id !== null) super({ device: device ?? 'cuda', stream_id, device_index, device_type });
    else super({ device: named(device), priority });
  }

  /** CUDA's own handle of the stream, a `cudaStream_t`. */
  get cuda_stream(): bigint {
    return native.cuda_stream_handle([this.stream_id, this.device_index, this.device_type]);
  }

  /** As Python prints it. */
  override toString(): string {
    return `<torch.cuda.Stream device=${this.device} cuda_stream=${hexadecimal(this.cuda_stream)}>`;
  }
}

/**
 * A queue of work on a GPU; lower priorities are more urgent.
 * @throws TorchError "torch.cuda.Stream requires CUDA support"
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.Stream.html
 */
export class Stream extends pythonClass(
  'Stream',
  ['device', 'priority', '*', 'stream_id', 'device_index', 'device_type'],
  StreamOfCuda,
) {}

function streamOf([stream_id, device_index, device_type]: StreamParts): Stream {
  return new Stream({ device: `cuda:${device_index}`, stream_id, device_index, device_type });
}

/** The stream of another library, by its `cudaStream_t`; the library keeps it alive. */
export const get_stream_from_external = pythonFunction(
  'get_stream_from_external',
  ['data_ptr', 'device'],
  (data_ptr: number | bigint, device: DeviceOfKind = null): Stream => {
    const index = deviceIndex('cuda', device);
    return streamOf(native.cuda_external_stream(BigInt(data_ptr), index));
  },
);

class ExternalStreamOfCuda extends StreamOfCuda {
  constructor(stream_ptr: number | bigint, device: DeviceOfKind = null) {
    const { stream_id, device_index, device_type } = get_stream_from_external(stream_ptr, device);
    super(`cuda:${device_index}`, 0, stream_id, device_index, device_type);
  }
}

/** A stream that another library made. @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.ExternalStream.html */
export class ExternalStream extends pythonClass(
  'ExternalStream.__new__',
  ['stream_ptr', 'device'],
  ExternalStreamOfCuda,
) {}

class EventOfCuda extends AnyEvent {
  constructor(
    enable_timing: boolean = false,
    _blocking: boolean = false,
    interprocess: boolean = false,
    external: boolean = false,
  ) {
    requireBuilt('Event');
    if (interprocess || external) {
      throw new TorchError(
        `torch.cuda.Event: ${interprocess ? 'interprocess' : 'external'}=True is not supported; leave it out`,
      );
    }
    super('cuda', { enable_timing });
  }
}

/**
 * A mark in a stream of a GPU: streams and the CPU can wait for it, and time can be taken between two of them.
 *
 * `blocking` changes nothing here.
 * @throws TorchError for `interprocess` and `external`, which are not supported
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.Event.html
 */
export class Event extends pythonClass(
  'Event',
  ['enable_timing', 'blocking', 'interprocess', 'external'],
  EventOfCuda,
) {}

/** The device's current stream. */
export const current_stream = pythonFunction('current_stream', ['device'], (device: DeviceOfKind = null): Stream => {
  return streamOf(native.current_stream(named(device)));
});

/** The device's default stream. */
export const default_stream = pythonFunction('default_stream', ['device'], (device: DeviceOfKind = null): Stream => {
  return streamOf(native.default_stream(named(device)));
});

/** Makes a stream its device's current one, and the device the current device. Null does nothing. */
export const set_stream = pythonFunction('set_stream', ['stream'], (stream: AnyStream | null): void => {
  if (stream === null) return;
  requireDevice('cuda');
  setStream(stream);
});

/**
 * Runs `body` with another current stream and returns its result; null changes nothing.
 * Python: `with torch.cuda.stream(s):`.
 */
export function stream<T>(stream: AnyStream | null, body: () => T): T {
  return within(
    'stream',
    () => {
      if (stream === null) return null;
      const device: Device = makeDevice(named(null));
      const before = { device, own: current_stream(device), there: current_stream(stream.device) };
      set_stream(stream);
      return before;
    },
    (before) => {
      if (before === null) return;
      set_stream(before.there);
      set_stream(before.own);
    },
    body,
  );
}
