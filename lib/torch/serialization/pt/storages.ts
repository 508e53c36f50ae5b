/** Storages of a file: read once, at the device that the caller wants, and the tensors over them. */
import { aten } from '../../call';
import { type Dtype, uint8 } from '../../core';
import { empty } from '../../generated/functions';
import { handleOf, type Tensor, wrap } from '../../memory';
import { native } from '../../native';
import { bytesOfStorage, TypedStorage, UntypedStorage } from '../../tensor';
import { fault } from '../source';

/** A storage in a pickle: bytes, and the dtype that its elements have there. */
export class StorageRef {
  constructor(
    /** Undefined for a storage without dtype. */
    readonly typed: Dtype | undefined,
    /** A tensor of bytes, whose storage is the one meant. */
    readonly bytes: Tensor,
    readonly size: number,
  ) {}

  get dtype(): Dtype {
    return this.typed ?? uint8;
  }

  /** The storage as the value that the file holds. */
  become(): UntypedStorage | TypedStorage {
    const untyped = new UntypedStorage(this.bytes);
    return this.typed === undefined ? untyped : new TypedStorage({ dtype: this.typed, wrap_storage: untyped });
  }
}

/** A storage of so many bytes on the CPU, which the caller fills. */
export function newBytes(size: number): Tensor {
  return empty([size], { dtype: uint8, device: 'cpu' });
}

/** Whole numbers that sizes, strides and offsets are. */
export function wholeNumbers(values: readonly unknown[], what: string): number[] {
  for (const value of values) {
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw fault(`a tensor has the ${what} ${String(value)}`);
  }
  return values as number[];
}

/** Refuses a tensor that reaches beyond its storage. */
export function checkBounds(
  size: number,
  itemsize: number,
  offset: number,
  sizes: readonly number[],
  strides: readonly number[],
): void {
  if (sizes.length !== strides.length) {
    throw fault(`a tensor has ${sizes.length} sizes and ${strides.length} strides`);
  }
  const elements = sizes.reduce((product, length) => product * BigInt(length), 1n);
  if (elements > BigInt(Number.MAX_SAFE_INTEGER)) throw fault(`a tensor has sizes [${sizes}], too many elements`);
  const last = sizes.reduce((place, length, i) => place + BigInt(length - 1) * BigInt(strides[i]!), BigInt(offset));
  const end = elements === 0n ? BigInt(offset) : last + 1n;
  if (end * BigInt(itemsize) <= BigInt(size)) return;
  throw fault(
    `a tensor of shape [${sizes}], strides [${strides}] and offset ${offset} needs ${end * BigInt(itemsize)} bytes of a storage of ${size}`,
  );
}

/** A tensor over a storage. */
export function tensorOver(
  storage: StorageRef,
  dtype: Dtype,
  offset: number,
  sizes: number[],
  strides: number[],
): Tensor {
  const { bytes } = storage;
  checkBounds(storage.size, dtype.itemsize, offset, sizes, strides);
  const device = native.device(handleOf(bytes));
  const view = aten('empty.memory_format')([0], dtype.code, null, device) as ReturnType<typeof handleOf>;
  if (device === 'meta') return wrap(aten('empty_strided')(sizes, strides, dtype.code, null, device));
  aten('set_.source_Storage_storage_offset')(view, handleOf(bytes), offset, sizes, strides);
  return wrap(view);
}

/** A part of a storage, as a storage. */
export function sliceOf(whole: StorageRef, start: number, size: number): StorageRef {
  if (start > whole.size || size > whole.size - start)
    throw fault(`a view of a storage of ${whole.size} bytes ends after it`);
  const bytes = wrap(native.storage_slice(handleOf(whole.bytes), start, size));
  return new StorageRef(whole.typed, bytes, size);
}

/** The storage of a value that is one; undefined for others. */
export function refOfStorage(value: unknown): { bytes: Tensor; dtype: Dtype | undefined } | undefined {
  if (value instanceof UntypedStorage) return { bytes: bytesOfStorage(value), dtype: undefined };
  if (value instanceof TypedStorage) return { bytes: bytesOfStorage(value.untyped()), dtype: value.dtype };
  return undefined;
}
