/** The methods of tensors that are about their storage. */
import { native, TorchError } from '../../native';
import { aten, isKeywords, readOptions } from '../../call';
import { cppName, type Dtype, dtypeOf, scalarName, typeName } from '../../core';
import type { Stream } from '../../accelerator';
import { handleOf, isTensor, type Tensor, TensorBase } from '../../memory';
import { type LegacyStorageClass, storageClass } from './legacy_class';
import { TypedStorage } from './typed';
import { bytesOfStorage, UntypedStorage } from './untyped';

/** Argument of `set_`. */
export type StorageSource = UntypedStorage | TypedStorage | Tensor;

/** The part of a storage that `set_` takes, by keyword. */
export interface StoragePart {
  storage_offset: number;
  size: readonly number[];
  stride?: readonly number[];
}

/** Row-major strides, which `set_` takes where it is given none. */
const noStride: readonly number[] = [];

function untypedOf(source: UntypedStorage | TypedStorage, wanted: Dtype): UntypedStorage {
  if (source instanceof UntypedStorage) return source;
  if (!(source instanceof TypedStorage)) {
    throw new TypeError(`set_(): argument 'source' must be torch.Storage or Tensor, not ${typeName(source)}`);
  }
  if (source.dtype === wanted) return source.untyped();
  throw new TorchError(
    `Expected a Storage of type ${cppName(wanted)} or an UntypedStorage, but got type ` +
      `${scalarName(source.dtype)} for argument 1 'storage'`,
  );
}

/** Methods that are about the memory behind a tensor. */
export class TensorStorages extends TensorBase {
  /** The memory behind the tensor, shared with it. */
  untyped_storage(): UntypedStorage {
    return new UntypedStorage(this as unknown as Tensor);
  }

  /** The memory behind the tensor as elements of its dtype. Python calls it deprecated. */
  storage(this: Tensor): TypedStorage {
    return new TypedStorage(0, { dtype: this.dtype, wrap_storage: this.untyped_storage() });
  }

  /** The class of `storage()`, for example `torch.FloatStorage`; null for dtypes that are younger than these classes. */
  storage_type(): LegacyStorageClass | null {
    return storageClass(dtypeOf(native.dtype(handleOf(this))));
  }

  /** Whether other processes see the tensor's memory: CUDA memory could be, other memory is not from here. */
  is_shared(): boolean {
    return native.device(handleOf(this)).startsWith('cuda');
  }

  /**
   * Makes this tensor one over another storage: `set_()` empty, `set_(source)` all of it, `set_(source, offset, size,
   * stride)` a part. Returns this tensor.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.set_.html
   */
  set_(): this;
  set_(source: StorageSource): this;
  set_(source: StorageSource, storage_offset: number, size: readonly number[], stride?: readonly number[]): this;
  set_(source: StorageSource, part: StoragePart): this;
  set_(source?: StorageSource, first?: number | StoragePart, ...rest: readonly (readonly number[])[]): this {
    const self = handleOf(this);
    const dtype = dtypeOf(native.dtype(self));
    const part = (isKeywords(first) ? first : { storage_offset: first }) as Partial<StoragePart>;
    const names = ['storage_offset', 'size', 'stride'];
    const { storage_offset, size = rest[0], stride = rest[1] ?? noStride } = readOptions('set_', part, names);
    if (storage_offset !== undefined && size === undefined) {
      throw new TypeError("set_(): argument 'size' is missing, which 'storage_offset' needs");
    }
    if (source === undefined) {
      aten('set_')(self);
      return this;
    }
    const whole = storage_offset === undefined || size === undefined;
    if (isTensor(source)) {
      if (whole) {
        // Python looks at the dtypes here only: with sizes, and in torch.ops, bytes become elements of the other dtype.
        if (source.dtype !== dtype) {
          throw new TorchError(
            `Could not set tensor of type ${cppName(source.dtype)} to a tensor of type ${cppName(dtype)}`,
          );
        }
        aten('set_.source_Tensor')(self, handleOf(source));
      } else aten('set_.source_Tensor_storage_offset')(self, handleOf(source), storage_offset, size, stride);
      return this;
    }
    const bytes = handleOf(bytesOfStorage(untypedOf(source, dtype)));
    if (whole) aten('set_.source_Storage')(self, bytes);
    else aten('set_.source_Storage_storage_offset')(self, bytes, storage_offset, size, stride);
    return this;
  }

  /** Tells the allocator that the tensor is in use by another stream than the one it was made on. */
  record_stream(stream: Stream): void {
    aten('record_stream')(handleOf(this), [stream.stream_id, stream.device_index, stream.device_type]);
  }
}
