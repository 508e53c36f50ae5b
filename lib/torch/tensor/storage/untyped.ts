/** `torch.UntypedStorage`: the bytes that tensors are views of. */
import { type Handle, native, NotImplementedError, TorchError } from '../../native';
import { type Arguments, aten, cMethods, isKeywords, pythonMethods, readOptions, surplus } from '../../call';
import { anchor, handleOf, isTensor, type Tensor, wrap } from '../../memory';
import { type Device, device as makeDevice, type DeviceLike, typeName, uint8 } from '../../core';
import { fingerprint } from '../fingerprint';

/** Makes the tensor one of one dimension over the storage of `source`, from its first byte. */
function cover(view: Handle, source: Handle, length: number): void {
  aten('set_.source_Storage_storage_offset')(view, source, 0, [length], [1]);
}

// As Python refuses what would read or write the memory of a zero tensor; there it has sizes and an address, 0.
function refuseWithoutMemory(source: Handle): void {
  if (!native.storage_lacks_memory(source)) return;
  throw new TorchError(
    'Attempted to access the data pointer on an invalid python storage: its bytes were never stored. Use tensor.clone() first',
  );
}

/** A new tensor of one dimension over the storage of `source`, from its first byte. */
export function viewOfStorage(source: Handle, dtype: number, length: number): Tensor {
  refuseWithoutMemory(source);
  const view: Handle = aten('empty.memory_format')([0], dtype, null, native.device(source));
  cover(view, source, length);
  const tensor = wrap(view);
  // A storage is no tensor that a scope could find in its result; it lives as long as its object.
  anchor(tensor);
  return tensor;
}

// A storage without memory still tells its size and device; the tensor that has it stands for it.
function viewOfBytes(source: Handle): Tensor {
  if (!native.storage_lacks_memory(source)) return viewOfStorage(source, uint8.code, native.storage_nbytes(source));
  const tensor = wrap(native.alias(source));
  anchor(tensor);
  return tensor;
}

function allocate(size: number, device: DeviceLike): Tensor {
  const tensor = wrap(aten('empty.memory_format')([size], uint8.code, null, String(device)));
  anchor(tensor);
  return tensor;
}

function bytesOfList(list: readonly number[]): Tensor {
  for (const item of list) {
    if (Number.isInteger(item)) continue;
    throw new TorchError(
      'torch.UntypedStorage(): tried to construct a storage from a sequence (list), but one of the items was of type ' +
        `${typeName(item)} instead of int`,
    );
  }
  const tensor = wrap(native.from_bytes(Uint8Array.from(list), [list.length], uint8.code));
  anchor(tensor);
  return tensor;
}

/** A position counted from the front. @throws RangeError in Python's words */
export function position(index: number, size: number): number {
  if (!Number.isInteger(index)) {
    throw new TypeError(`can't index a torch.UntypedStorage with ${typeName(index)}`);
  }
  if (index < -size || index >= size) throw new RangeError(`index ${index} out of range for storage of size ${size}`);
  return index < 0 ? index + size : index;
}

interface Where {
  device?: DeviceLike;
}

/** Arguments of `cuda`. */
export type CudaArguments = Arguments<['device', 'non_blocking'], [device?: DeviceLike | null, non_blocking?: boolean]>;

/** Arguments of `type`, which only tells it. */
export type TypeArguments = Arguments<['dtype', 'non_blocking'], [dtype?: null, non_blocking?: boolean]>;

/** What `type` says to one that it should convert to. */
export function noConversion(dtype: unknown): NotImplementedError {
  return new NotImplementedError(
    `type(): a storage does not become ${typeName(dtype)} here; convert a tensor, or a TypedStorage by its float(), long(), …`,
  );
}

/** Functions cannot be cloned, and the error shows the name. */
export function storagesStayInTheirThread(): void {}

/** The tensor of bytes that a storage holds; its storage is the one meant. */
export let bytesOfStorage: (storage: UntypedStorage) => Tensor;

/**
 * The memory behind tensors, as bytes: `x.untyped_storage()` shares that of `x`; `new torch.UntypedStorage(n)` is new
 * and not initialised.
 * @see https://docs.pytorch.org/docs/stable/storage.html
 */
export class UntypedStorage {
  readonly #bytes: Tensor;
  /** Makes posting a storage to another thread an error: what would arrive is an empty object. */
  protected readonly stays = storagesStayInTheirThread;

  constructor(source: number | readonly number[] | Tensor, options?: { device?: DeviceLike });
  constructor(options?: { device?: DeviceLike });
  constructor(...args: unknown[]) {
    const last = args[args.length - 1];
    const { device = 'cpu' } = readOptions('UntypedStorage', (isKeywords(last) ? last : {}) as Where, ['device']);
    const [source = 0, ...more] = isKeywords(last) ? args.slice(0, -1) : args;
    if (more.length > 0) throw surplus('UntypedStorage', 0, 1, 1 + more.length);
    if (isTensor(source)) this.#bytes = viewOfBytes(handleOf(source));
    else if (Array.isArray(source)) this.#bytes = bytesOfList(source as number[]);
    else if (Number.isSafeInteger(source) && (source as number) >= 0) {
      this.#bytes = allocate(source as number, device);
    } else {
      throw new TypeError(`UntypedStorage(): expected a size or a list of bytes, not ${typeName(source)}`);
    }
  }

  static {
    bytesOfStorage = (storage) => storage.#bytes;
    cMethods(this.prototype, 'StorageBase', {
      none: ['nbytes', 'element_size', 'data_ptr', 'is_shared', 'resizable'],
      one: ['fill_', 'resize_'],
    });
    pythonMethods(this.prototype, '_StorageBase', {
      size: [],
      get_device: [],
      tolist: [],
      clone: [],
      to: ['*', 'device', 'non_blocking'],
      cpu: [],
      cuda: ['device', 'non_blocking'],
      untyped: [],
      type: ['dtype', 'non_blocking'],
    });
  }

  /** The value in one line, which those who compare objects look at: storages are equal there if device and bytes are. */
  get [Symbol.toStringTag](): string {
    return #bytes in this ? `UntypedStorage ${fingerprint(this.#bytes)}` : 'UntypedStorage';
  }

  /** @throws TypeError in the words of Python's `json.dumps` */
  toJSON(): never {
    throw new TypeError('Object of type UntypedStorage is not JSON serializable: write storage.tolist()');
  }

  /** Number of bytes. */
  get length(): number {
    return native.storage_nbytes(handleOf(this.#bytes));
  }

  /** Number of bytes. */
  nbytes(): number {
    return this.length;
  }

  /** Number of bytes. */
  size(): number {
    return this.length;
  }

  /** 1. */
  element_size(): number {
    return 1;
  }

  /** Device of the bytes. */
  get device(): Device {
    return makeDevice(native.device(handleOf(this.#bytes)));
  }

  /** Number of the device; -1 on the CPU. */
  get_device(): number {
    return this.device.index ?? -1;
  }

  /** Whether the bytes are on a CUDA device. */
  get is_cuda(): boolean {
    return this.device.type === 'cuda';
  }

  /** Address of the first byte. */
  data_ptr(): bigint {
    refuseWithoutMemory(handleOf(this.#bytes));
    return native.data_ptr(handleOf(this.#bytes));
  }

  /** Whether other processes see the memory: not from here. */
  is_shared(): boolean {
    return this.is_cuda;
  }

  /** Whether `resize_` works. */
  resizable(): boolean {
    return true;
  }

  /** One byte. Python: `storage[index]`. */
  get(index: number): number {
    const at = position(index, this.length);
    using item = this.#view().narrow(0, at, 1);
    return item.item();
  }

  /** Sets one byte. Python: `storage[index] = value`. */
  set(index: number, value: number): void {
    const at = position(index, this.length);
    if (!Number.isInteger(value)) {
      throw new TorchError(`can only set storage content with a int types, but got ${typeName(value)} instead`);
    }
    using item = this.#view().narrow(0, at, 1);
    item.fill_(value & 255);
  }

  /** All bytes. */
  tolist(): number[] {
    return this.#view().tolist() as number[];
  }

  /** Iterates over the bytes. */
  [Symbol.iterator](): IterableIterator<number> {
    return this.tolist().values();
  }

  /** Sets every byte. */
  fill_(value: number): this {
    if (!Number.isInteger(value)) throw new TorchError(`fill_ expects int, but got ${typeName(value)}`);
    this.#view().fill_(value & 255);
    return this;
  }

  /** Copies the other storage's bytes, of which there must be as many. */
  copy_(source: UntypedStorage, non_blocking: boolean | null = null): this {
    if (!(source instanceof UntypedStorage)) {
      throw new TypeError(`copy_(): argument 'src' (position 1) must be torch.Storage, not ${typeName(source)}`);
    }
    if (source.length !== this.length) {
      throw new TorchError(`size does not match, self was ${this.length} bytes but src was ${source.length} bytes`);
    }
    aten('copy_')(handleOf(this.#view()), handleOf(source.#view()), non_blocking ?? false);
    return this;
  }

  /**
   * Makes the storage longer, keeping its bytes; the new ones are not initialised.
   * @throws TorchError for fewer bytes, unlike Python: tensors over the storage would read freed memory
   */
  resize_(size: number): this {
    if (!Number.isSafeInteger(size))
      throw new TypeError(`resize_(): expected a number of bytes, not ${typeName(size)}`);
    if (size < this.length) {
      throw new TorchError(
        `resize_(): a storage of ${this.length} bytes cannot become one of ${size}: tensors over it would read freed memory`,
      );
    }
    const bytes = handleOf(this.#bytes);
    refuseWithoutMemory(bytes);
    cover(bytes, bytes, size);
    return this;
  }

  /** A new storage with a copy of the bytes. */
  clone(): UntypedStorage {
    return new UntypedStorage(this.length, { device: this.device }).copy_(this);
  }

  /** The bytes on a device: this storage if they are there, else a copy. */
  to(...args: Arguments<['*', 'device', 'non_blocking'], [device: DeviceLike, non_blocking?: boolean]>): UntypedStorage;
  to(device: unknown, non_blocking: unknown = false): UntypedStorage {
    const where = makeDevice(device as DeviceLike);
    if (where.equals(this.device)) return this;
    return new UntypedStorage(this.length, { device: where }).copy_(this, non_blocking === true);
  }

  /** The bytes on the CPU. */
  cpu(): UntypedStorage {
    return this.to({ device: 'cpu' });
  }

  /** The bytes on the CUDA device. */
  cuda(...args: CudaArguments): UntypedStorage;
  cuda(device: DeviceLike | null = null, non_blocking = false): UntypedStorage {
    return this.to({ device: device ?? 'cuda', non_blocking });
  }

  /** This storage. */
  untyped(): this {
    return this;
  }

  /** `torch.storage.UntypedStorage`. */
  type(...args: TypeArguments): string;
  type(dtype: unknown = null, _non_blocking: unknown = false): string {
    if (dtype !== null) throw noConversion(dtype);
    return this.is_cuda ? 'torch.cuda.UntypedStorage' : 'torch.storage.UntypedStorage';
  }

  // The storage may have been resized since the tensor was made.
  #view(): Tensor {
    const length = this.length;
    const bytes = handleOf(this.#bytes);
    refuseWithoutMemory(bytes);
    if (native.numel(bytes) !== length) cover(bytes, bytes, length);
    return this.#bytes;
  }

  /** Bytes and size, as Python prints them. */
  toString(): string {
    const title = `[torch.storage.UntypedStorage(device=${this.device}) of size ${this.length}]`;
    if (this.device.type === 'meta') return `...\n${title}`;
    return `${this.tolist()
      .map((byte) => ` ${byte}`)
      .join('\n')}\n${title}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
