import { pythonClass, pythonMethods } from '../../call';
import { device, type DeviceLike, type Dtype, dtypes, isPlainObject } from '../../core';
import { arange, empty_like } from '../../generated/functions';
import { handleOf, NamedResult, type Tensor } from '../../memory';
import { AssertionError, native, ValueError } from '../../native';
import { parseTo, type ToKeywords, type ToRest } from '../../tensor';

/** The inverse of a permutation of indices; null for null. */
export function inverted(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  const output = empty_like(permutation, { memory_format: dtypes.contiguous_format });
  output.scatter_(0, permutation, arange(0, permutation.numel(), { device: permutation.device }));
  return output;
}

/** The keywords of a conversion, with the device that is meant. */
function withDevice(args: readonly unknown[], type: string): unknown[] {
  const last = args[args.length - 1];
  return isPlainObject(last) ? [...args.slice(0, -1), { ...last, device: type }] : [...args, { device: type }];
}

class PackedSequenceTuple extends NamedResult<Tensor | null> {
  static {
    pythonMethods(this.prototype, 'PackedSequence', {
      pin_memory: [],
      double: [],
      float: [],
      half: [],
      long: [],
      int: [],
      short: [],
      char: [],
      byte: [],
      is_pinned: [],
    });
  }

  /** The elements, those of one time after those of the time before. */
  readonly data: Tensor;
  /** How many sequences go on at each time, on the CPU. */
  readonly batch_sizes: Tensor;
  /** Where each sequence of the packed order was, or null where they were sorted. */
  readonly sorted_indices: Tensor | null;
  /** Where each sequence went, or null. */
  readonly unsorted_indices: Tensor | null;

  constructor(
    data: Tensor | readonly [data: Tensor, batch_sizes: Tensor],
    batch_sizes: Tensor | null = null,
    sorted_indices: Tensor | null = null,
    unsorted_indices: Tensor | null = null,
  ) {
    super();
    const unsorted = unsorted_indices ?? inverted(sorted_indices);
    if (batch_sizes !== null && batch_sizes.device.type !== 'cpu') {
      throw new ValueError(
        'batch_sizes should always be on CPU. Instances of PackedSequence should never be created manually. They should be instantiated by functions like pack_sequence and pack_padded_sequences in nn.utils.rnn. https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_sequence',
      );
    }
    if (batch_sizes === null && !(Array.isArray(data) && data.length === 2)) {
      throw new AssertionError('Expected data to be a list or tuple of length 2');
    }
    const [elements, sizes] = batch_sizes === null ? (data as readonly Tensor[]) : [data as Tensor, batch_sizes];
    this.data = elements as Tensor;
    this.batch_sizes = sizes as Tensor;
    this.sorted_indices = sorted_indices;
    this.unsorted_indices = unsorted;
  }

  /** The same in memory that a GPU can read. */
  pin_memory(): this {
    const pinned = (tensor: Tensor | null): Tensor | null => tensor?.pin_memory() ?? null;
    return this.remade(this.data.pin_memory(), pinned(this.sorted_indices), pinned(this.unsorted_indices));
  }

  /** With the data in another dtype or on another device; itself where nothing changes. Takes what `Tensor.to` takes. */
  to(dtype: Dtype, ...rest: ToRest): this;
  to(device: DeviceLike | null, ...rest: ToRest | [dtype: Dtype | null, ...rest: ToRest]): this;
  to(other: Tensor, ...rest: ToRest): this;
  to(keywords?: ToKeywords): this;
  to(...args: unknown[]): this {
    const data = this.data.to(...(args as [ToKeywords?]));
    if (native.is_same(handleOf(data), handleOf(this.data))) return this;
    const { non_blocking = false, memory_format } = parseTo(args);
    const moved = (tensor: Tensor | null): Tensor | null =>
      tensor?.to(data.device, { non_blocking, memory_format: memory_format ?? undefined }) ?? null;
    return this.remade(data, moved(this.sorted_indices), moved(this.unsorted_indices));
  }

  /** On a CUDA device, by default the current one. Takes what `to` takes. */
  cuda(...args: unknown[]): this {
    return this.on('cuda', args);
  }

  /** On the CPU. Takes what `to` takes. */
  cpu(...args: unknown[]): this {
    return this.on('cpu', args);
  }

  /** With float64 data. */
  double(): this {
    return this.to(dtypes.float64);
  }

  /** With float32 data. */
  float(): this {
    return this.to(dtypes.float32);
  }

  /** With float16 data. */
  half(): this {
    return this.to(dtypes.float16);
  }

  /** With int64 data. */
  long(): this {
    return this.to(dtypes.int64);
  }

  /** With int32 data. */
  int(): this {
    return this.to(dtypes.int32);
  }

  /** With int16 data. */
  short(): this {
    return this.to(dtypes.int16);
  }

  /** With int8 data. */
  char(): this {
    return this.to(dtypes.int8);
  }

  /** With uint8 data. */
  byte(): this {
    return this.to(dtypes.uint8);
  }

  /** Whether the data is on a CUDA device. */
  get is_cuda(): boolean {
    return this.data.is_cuda;
  }

  /** Whether the data is in memory that a GPU can read. */
  is_pinned(): boolean {
    return this.data.is_pinned();
  }

  /** `PackedSequence(data=tensor(…), …)`, as Python shows it. */
  override toString(): string {
    const items = Object.entries(this).map(([name, value]) => `${name}=${value === null ? 'None' : String(value)}`);
    return `PackedSequence(${items.join(', ')})`;
  }

  private on(type: 'cpu' | 'cuda', args: readonly unknown[]): this {
    const { where } = parseTo(args);
    const given = where === null ? this.data.device.type : device(where).type;
    return this.to(...((given === type ? args : withDevice(args, type)) as [ToKeywords?]));
  }

  private remade(data: Tensor, sorted: Tensor | null, unsorted: Tensor | null): this {
    const { constructor: made } = this as unknown as { constructor: new (...values: unknown[]) => PackedSequenceTuple };
    return new made(data, this.batch_sizes, sorted, unsorted) as this;
  }
}

/**
 * Sequences of several lengths in one tensor: what RNN modules take instead of padded batches. A tuple of four with
 * names. The functions of `torch.nn.utils.rnn` make it.
 *
 * @example
 * // The sequences abc and x:
 * // data = axbc, batch_sizes = [2, 1, 1]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html
 */
export class PackedSequence extends pythonClass(
  'PackedSequence.__new__',
  ['data', 'batch_sizes', 'sorted_indices', 'unsorted_indices'],
  PackedSequenceTuple,
) {}
