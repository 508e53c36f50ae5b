/** What a tensor says of itself, without looking at its elements. */
import { TensorMethods } from '../generated/tensor_methods';
import { native } from '../native';
import { wrapOptional } from './bridge';
import { type Device, device } from './device';
import * as dtypes from './dtype';
import { handleOf } from './handle';
import { describe, refuseUnknown } from './options';
import type { Tensor } from './tensor';

/** A dimension counted from the front; negative ones count from the end. */
function wrapDim(dim: number, dims: number): number {
  if (!Number.isInteger(dim)) {
    throw new TypeError(`argument 'dim' must be an integer, not ${describe(dim)}`);
  }
  const bound = Math.max(dims, 1);
  if (dim < -bound || dim >= bound) {
    throw new RangeError(
      `Dimension out of range (expected to be in range of [${-bound}, ${bound - 1}], but got ${dim})`,
    );
  }
  return dim < 0 ? dim + bound : dim;
}

/** Shape, dtype, device and memory of a tensor. */
export abstract class TensorAttributes extends TensorMethods {
  /** Length of every dimension. */
  get shape(): number[] {
    return native.shape(handleOf(this));
  }

  /** Length of every dimension, or of one. */
  size(): number[];
  size(dim: number): number;
  size(dim?: number): number | number[] {
    const shape = native.shape(handleOf(this));
    return dim === undefined ? shape : shape[wrapDim(dim, shape.length)]!;
  }

  /** Elements to skip for the next index of every dimension, or of one. */
  stride(): number[];
  stride(dim: number): number;
  stride(dim?: number): number | number[] {
    const stride = native.stride(handleOf(this));
    return dim === undefined ? stride : stride[wrapDim(dim, stride.length)]!;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return native.ndim(handleOf(this));
  }

  /** Number of dimensions. */
  dim(): number {
    return native.ndim(handleOf(this));
  }

  /** Number of elements. */
  numel(): number {
    return native.numel(handleOf(this));
  }

  /** Element type. */
  get dtype(): dtypes.Dtype {
    return dtypes.dtypeOf(native.dtype(handleOf(this)));
  }

  /** Where the elements are. */
  get device(): Device {
    return device(native.device(handleOf(this)));
  }

  /** How the elements are stored: strided, or one of the sparse layouts. */
  get layout(): dtypes.Layout {
    return dtypes.layoutOf(native.layout(handleOf(this)));
  }

  /** Whether the elements are on a CUDA device. */
  get is_cuda(): boolean {
    return this.device.type === 'cuda';
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
    return native.numel(handleOf(this)) * native.element_size(handleOf(this));
  }

  /** Where in its storage the first element is, in elements. */
  storage_offset(): number {
    return native.storage_offset(handleOf(this));
  }

  /** Address of the first element. */
  data_ptr(): bigint {
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

  /** Which of its node's results this tensor is. */
  get output_nr(): number {
    return native.output_nr(handleOf(this));
  }

  /** How many times the data was changed in place; autograd uses it to detect overwritten values. */
  get _version(): number {
    return native.version(handleOf(this));
  }

  /** Whether the elements lie in memory in row-major order, or in that of `memory_format`. */
  is_contiguous(options: { memory_format?: dtypes.MemoryFormat } = {}): boolean {
    refuseUnknown('is_contiguous', options, ['memory_format']);
    const format = options.memory_format ?? dtypes.contiguous_format;
    return native.is_contiguous(handleOf(this), format.code);
  }
}
