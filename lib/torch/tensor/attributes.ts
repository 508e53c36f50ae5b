/** Attributes of a tensor that need no look at its elements. */
import { aten, handBound } from '../call';
import { type Device, device, dtypeOf, dtypes, type Int, layoutOf } from '../core';
import { native } from '../native';
import { handleOf, takeList, type Tensor, TensorBase, wrapOptional } from '../memory';

const isContiguousArguments = handBound(
  'is_contiguous',
  ['*; MemoryFormat memory_format=torch.contiguous_format'],
  true,
);

/** The item of `list` at a dimension; negative ones count from the end. */
function atDim(list: readonly number[], dim: Int): number {
  const [index, dims] = [Number(dim), list.length];
  if (dims === 0) throw new RangeError(`Dimension specified as ${dim} but tensor has no dimensions`);
  if (index < -dims || index >= dims) {
    throw new RangeError(`Dimension out of range (expected to be in range of [${-dims}, ${dims - 1}], but got ${dim})`);
  }
  return list[index < 0 ? index + dims : index]!;
}

const ONE_DIM = ['int? dim=None'];
const sizeArguments = handBound('size', ONE_DIM, true);
const strideArguments = handBound('stride', ONE_DIM, true);

/** The dimension that `size` or `stride` is asked for, undefined for all. */
function askedDim(read: typeof sizeArguments, args: readonly unknown[]): Int | undefined {
  if (args.length === 0) return undefined;
  return (read(args).values[0] as Int | null | undefined) ?? undefined;
}

/** Shape, dtype, device and memory of a tensor. */
export class TensorAttributes extends TensorBase {
  /** Length of every dimension. */
  get shape(): number[] {
    return takeList(native.shape(handleOf(this)));
  }

  /** Length of every dimension, or of one. */
  size(dim?: null): number[];
  size(dim: Int | { dim: Int }): number;
  size(...args: unknown[]): number | number[] {
    const dim = askedDim(sizeArguments, args);
    const handle = handleOf(this);
    let shape: number[];
    try {
      shape = takeList(native.shape(handle));
    } catch (error) {
      // A nested tensor has no shape, but the lengths of the dimensions that all its tensors share.
      if (dim === undefined || !native.is_nested(handle)) throw error;
      return aten('size.int')(handle, Number(dim));
    }
    return dim === undefined ? shape : atDim(shape, dim);
  }

  /** Elements to skip for the next index of every dimension, or of one. */
  stride(dim?: null): number[];
  stride(dim: Int | { dim: Int }): number;
  stride(...args: unknown[]): number | number[] {
    const dim = askedDim(strideArguments, args);
    const strides = takeList(native.stride(handleOf(this)));
    return dim === undefined ? strides : atDim(strides, dim);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return native.ndim(handleOf(this));
  }

  /** Number of dimensions. */
  dim(): number {
    return native.ndim(handleOf(this));
  }

  /** Another name for `dim`. */
  ndimension(): number {
    return native.ndim(handleOf(this));
  }

  /** Another name for `numel`. */
  nelement(): number {
    return native.numel(handleOf(this));
  }

  /** Number of elements. */
  numel(): number {
    return native.numel(handleOf(this));
  }

  /** Element type. */
  get dtype(): dtypes.Dtype {
    return dtypeOf(native.dtype(handleOf(this)));
  }

  /** Device of the elements. */
  get device(): Device {
    return device(native.device(handleOf(this)));
  }

  /** Storage form of the elements: strided, or one of the sparse layouts. */
  get layout(): dtypes.Layout {
    return layoutOf(native.layout(handleOf(this)));
  }

  /** Bytes of one element. */
  element_size(): number {
    return native.element_size(handleOf(this));
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return native.element_size(handleOf(this));
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return native.nbytes(handleOf(this));
  }

  /** Offset of the first element in its storage, in elements. */
  storage_offset(): number {
    return native.storage_offset(handleOf(this));
  }

  /** Address of the first element. */
  data_ptr(): bigint {
    return native.data_ptr(handleOf(this));
  }

  /** Another name for `data_ptr`, for those who only read. */
  const_data_ptr(): bigint {
    return native.data_ptr(handleOf(this));
  }

  /** Whether this tensor is a view of another. */
  _is_view(): boolean {
    const base = native.base(handleOf(this));
    if (base !== null) native.release(base);
    return base !== null;
  }

  /** The tensor that this one is a view of, or null. */
  get _base(): Tensor | null {
    return wrapOptional(native.base(handleOf(this)));
  }

  /** Number of this tensor among its node's results. */
  get output_nr(): number {
    return native.output_nr(handleOf(this));
  }

  /** Number of changes in place; by it autograd detects overwritten values. */
  get _version(): number {
    return native.version(handleOf(this));
  }

  /** Whether the elements lie in memory in row-major order, or in that of `memory_format`. */
  is_contiguous(options?: { memory_format?: dtypes.MemoryFormat }): boolean;
  is_contiguous(...args: unknown[]): boolean {
    const [format = dtypes.contiguous_format] = isContiguousArguments(args).values as [dtypes.MemoryFormat?];
    return native.is_contiguous(handleOf(this), format.code);
  }
}
