/** Streams and events: queues of work on an accelerator, and marks in them. The CPU has one stream, which is never busy. */
import { type External, native, type StreamParts } from '../native';
import { type Device, device as makeDevice, type DeviceLike, typeName } from '../core';
import { handBound } from '../call';

/** Options of `new torch.Stream()`. */
export interface StreamOptions {
  device?: DeviceLike;
  /** Lower numbers are more urgent. */
  priority?: number;
  /** The three numbers that identify an existing stream, instead of a new one. */
  stream_id?: number;
  device_index?: number;
  device_type?: number;
}

const parseStream = handBound('Stream', [
  'Device? device=None; *; int priority=0',
  'int stream_id; int device_index; int device_type; *; int priority=0; Device? device=None',
]);
const parseEvent = handBound('Event', [
  'Device? device=None; *; bool enable_timing=False; bool blocking=False; bool interprocess=False',
]);

/** The accelerator, or the CPU where there is none. */
function defaultDevice(): DeviceLike {
  return native.current_accelerator(false) ?? 'cpu';
}

/** Stream in native code's form. */
function partsOf(stream: Stream): StreamParts {
  if (!(stream instanceof Stream)) throw new TypeError(`expected a torch.Stream, not ${typeName(stream)}`);
  return [stream.stream_id, stream.device_index, stream.device_type];
}

/** The stream that native code identifies by three numbers. */
export function streamOf([stream_id, device_index, device_type]: StreamParts, device: DeviceLike): Stream {
  return new Stream({ device, stream_id, device_index, device_type });
}

/**
 * A queue of work on a device. Made with `new torch.Stream('cuda')`; without a device, one of the accelerator.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Stream.html
 */
export class Stream {
  /** Number of the stream on its device; 0 is the default one. */
  readonly stream_id: number;
  /** Number of the device of its kind; -1 on the CPU. */
  readonly device_index: number;
  /** Kind of device, as libtorch's number for it. */
  readonly device_type: number;
  readonly #type: string;

  constructor(device?: DeviceLike | null, options?: Pick<StreamOptions, 'priority'>);
  constructor(stream_id: number, device_index: number, device_type: number);
  constructor(keywords: StreamOptions);
  constructor(...args: unknown[]) {
    const { form, values } = parseStream(args);
    const [device, parts, priority] = form === 0 ? [values[0], null, values[1]] : [values[4], values.slice(0, 3), 0];
    const where = makeDevice((device as DeviceLike | null | undefined) ?? defaultDevice());
    this.#type = where.type;
    [this.stream_id, this.device_index, this.device_type] = (parts ??
      native.new_stream(String(where), (priority as number | undefined) ?? 0)) as StreamParts;
  }

  /** The device that the stream's work runs on. */
  get device(): Device {
    return makeDevice(this.device_index < 0 ? this.#type : `${this.#type}:${this.device_index}`);
  }

  /** Whether all work in the stream is done. */
  query(): boolean {
    return native.query_stream(partsOf(this));
  }

  /** Waits until all work in the stream is done. */
  synchronize(): void {
    native.synchronize_stream(partsOf(this));
  }

  /** Marks the stream's present end with `event`, or with a new one, and returns it. */
  record_event(event: Event = new Event(this.#type)): Event {
    event.record(this);
    return event;
  }

  /** Lets work that comes later wait for the event. */
  wait_event(event: Event): void {
    event.wait(this);
  }

  /** Lets work that comes later wait for everything that is in the other stream now. */
  wait_stream(stream: Stream): void {
    this.wait_event(stream.record_event());
  }

  /** Whether both are the same stream. */
  equals(other: Stream): boolean {
    return String(partsOf(this)) === String(partsOf(other));
  }

  /** As Python prints it. */
  toString(): string {
    return `torch.Stream device_type=${this.#type}, device_index=${this.device_index}, stream_id=${this.stream_id}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Options of `new torch.Event()`. */
export interface EventOptions {
  device?: DeviceLike;
  /** Whether `elapsed_time` may be asked. */
  enable_timing?: boolean;
  /** Taken as Python takes them: they change nothing here. */
  blocking?: boolean;
  interprocess?: boolean;
}

/**
 * A mark in a stream: streams and the CPU can wait for it. The CPU's own stream has none, and says so.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Event.html
 */
export class Event {
  readonly #event: External;
  /** The device whose streams it can mark. */
  readonly device: Device;

  constructor(device?: DeviceLike | null, options?: Omit<EventOptions, 'device'>);
  constructor(keywords: EventOptions);
  constructor(...args: unknown[]) {
    const [device, enable_timing] = parseEvent(args).values as [(DeviceLike | null)?, boolean?];
    this.device = makeDevice(device ?? defaultDevice());
    this.#event = native.create_event(String(this.device), enable_timing ?? false);
  }

  /** Marks the present end of the stream, by default of the device's current one. */
  record(stream?: Stream): void {
    native.event_record(this.#event, this.#parts(stream));
  }

  /** Lets the stream's later work wait for the mark. */
  wait(stream?: Stream): void {
    native.event_block(this.#event, this.#parts(stream));
  }

  /** Whether all work before the mark is done. */
  query(): boolean {
    return native.event_query(this.#event);
  }

  /** Waits until all work before the mark is done. */
  synchronize(): void {
    native.event_synchronize(this.#event);
  }

  /** Milliseconds between this mark and a later one; both need `enable_timing`. */
  elapsed_time(end_event: Event): number {
    return native.event_elapsed_time(this.#event, end_event.#event);
  }

  #parts(stream: Stream | undefined): StreamParts {
    return stream === undefined ? native.current_stream(String(this.device)) : partsOf(stream);
  }

  /** As Python prints it. */
  toString(): string {
    return `torch.Event device_type=${this.device.type}, device_index=${this.device.index ?? -1}`;
  }
}
