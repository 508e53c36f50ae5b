/** The Tensor class: what Python writes by hand on top of the operators. */
import { TorchError } from '../errors';
import { TensorMethods } from '../generated/tensor_methods';
import { type Handle, type NativeOp, native } from '../native';
import { isDevice, isDtype, isKeywords, type Scalar } from './arguments';
import { setTensorClass, wrap, wrapOptional } from './bridge';
import { type Device, type DeviceLike, device } from './device';
import * as dtypes from './dtype';
import { type Nested, nest, readableCode, type TypedArray, typedArrayOf, valuesOf } from './elements';
import { type BackwardOptions, backward } from './engine';
import { handleOf, isTensor } from './handle';
import {
  type GradientHook,
  type RemovableHandle,
  registerHook,
  registerPostAccumulateGradHook,
} from './hooks';
import { refuseUnknown } from './options';
import { tensorString } from './print';

/** The graph node that made a tensor. */
export class GradFn {
  readonly #name: string;

  /** @internal */
  constructor(name: string) {
    this.#name = name;
  }

  /** Name of the node, for example `AddBackward0`. */
  name(): string {
    return this.#name;
  }

  /** `<AddBackward0 object>`. */
  toString(): string {
    return `<${this.#name} object>`;
  }
}

/** Options of `to` and of the conversions named after a dtype or a device. */
export interface ToOptions {
  /** Let the copy overlap with the host, where both memories allow it. */
  non_blocking?: boolean;
  /** Copy even when nothing changes. */
  copy?: boolean;
  /** Order of the dimensions in memory; by default the source's. */
  memory_format?: dtypes.MemoryFormat;
}

/** `to` with everything by keyword. */
export interface ToKeywords extends ToOptions {
  dtype?: dtypes.Dtype;
  device?: DeviceLike;
}

const toKeywords = ['dtype', 'device', 'non_blocking', 'copy', 'memory_format'] as const;

let toOp: NativeOp | undefined;
let selectOp: NativeOp | undefined;
let aliasOp: NativeOp | undefined;

/** An n-dimensional array of one dtype, on one device. */
export class Tensor extends TensorMethods {
  /** Length of every dimension. */
  get shape(): number[] {
    return native.shape(handleOf(this));
  }

  /** Length of every dimension, or of one. */
  size(): number[];
  size(dim: number): number;
  size(dim?: number): number | number[] {
    const shape = native.shape(handleOf(this));
    return dim === undefined ? shape : shape[this.#wrapDim(dim, shape.length)]!;
  }

  /** Elements to skip for the next index of every dimension, or of one. */
  stride(): number[];
  stride(dim: number): number;
  stride(dim?: number): number | number[] {
    const stride = native.stride(handleOf(this));
    return dim === undefined ? stride : stride[this.#wrapDim(dim, stride.length)]!;
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

  /** How many times the data was changed in place; autograd uses it to detect overwritten values. */
  get _version(): number {
    return native.version(handleOf(this));
  }

  /** Whether the elements lie in memory in row-major order, or in that of `memory_format`. */
  is_contiguous(options: { memory_format?: dtypes.MemoryFormat } = {}): boolean {
    const format = options.memory_format ?? dtypes.contiguous_format;
    return native.is_contiguous(handleOf(this), format.code);
  }

  // ---- Autograd ----

  /** Whether autograd records operations on this tensor. Only leaves may be switched off. */
  get requires_grad(): boolean {
    return native.requires_grad(handleOf(this));
  }

  set requires_grad(value: boolean) {
    const handle = handleOf(this);
    if (value && !native.is_leaf(handle)) {
      throw new TorchError('you can only change requires_grad flags of leaf variables.');
    }
    native.set_requires_grad(handle, value);
  }

  /** Switches recording on (or off, for a leaf) and returns this tensor. */
  requires_grad_(requires_grad = true): this {
    native.set_requires_grad(handleOf(this), requires_grad);
    return this;
  }

  /** Whether the tensor was made by the user rather than by a recorded operation. */
  get is_leaf(): boolean {
    return native.is_leaf(handleOf(this));
  }

  /** The node that computes this tensor's gradient, or null for a leaf. */
  get grad_fn(): GradFn | null {
    const name = native.grad_fn_name(handleOf(this));
    return name === null ? null : new GradFn(name);
  }

  /** The gradient that backward accumulated, or null. Every reading gives a new object for the same tensor. */
  get grad(): Tensor | null {
    return wrapOptional(native.get_grad(handleOf(this)));
  }

  set grad(grad: Tensor | null) {
    if (grad !== null && grad !== undefined) this.#checkGrad(grad);
    native.set_grad(handleOf(this), grad ? handleOf(grad) : null);
  }

  #checkGrad(grad: Tensor): void {
    if (!isTensor(grad)) {
      throw new TypeError(
        `assigned grad expected to be a Tensor or None but got grad of type ${typeof grad}`,
      );
    }
    if (native.is_same(handleOf(this), handleOf(grad))) {
      throw new TorchError("can't assign Variable as its own grad");
    }
    if (grad.dtype !== this.dtype) {
      throw new TorchError(
        `attempting to assign a gradient with dtype '${grad.dtype}' to a tensor with grad_dtype '${this.dtype}'. The gradient must match the tensor's dtype`,
      );
    }
    if (grad.device.type !== this.device.type) {
      throw new TorchError(
        `attempting to assign a gradient with device type '${grad.device.type}' to a tensor with device type '${this.device.type}'. Please ensure that the gradient and the tensor are on the same device`,
      );
    }
    const [from, to] = [grad.shape.join(', '), this.shape.join(', ')];
    if (from !== to) {
      throw new TorchError(
        `attempting to assign a gradient of size '[${from}]' to a tensor of size '[${to}]'. Please ensure that the gradient and the tensor are the same size`,
      );
    }
  }

  /** The same elements without history: changing them goes unnoticed by autograd. Assigning swaps them. */
  get data(): Tensor {
    return wrap(native.alias(handleOf(this)));
  }

  set data(source: Tensor) {
    if (!isTensor(source)) {
      throw new TypeError(`Variable data has to be a tensor, but got ${typeof source}`);
    }
    native.set_data(handleOf(this), handleOf(source));
  }

  /**
   * Accumulates into the leaves' `grad` the gradient of this tensor, weighted by `gradient` (ones for a scalar).
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
   */
  backward(gradient?: Tensor | null, options?: BackwardOptions): void;
  backward(options: BackwardOptions & { gradient?: Tensor | null }): void;
  backward(
    first?: Tensor | (BackwardOptions & { gradient?: Tensor | null }) | null,
    second?: BackwardOptions,
  ): void {
    if (first === undefined || first === null || isTensor(first)) {
      backward(this, first as Tensor | null | undefined, second);
      return;
    }
    if (!isKeywords(first)) {
      throw new TypeError(`gradients can be either Tensors or None, but got ${typeof first}`);
    }
    const { gradient, ...options } = first as BackwardOptions & { gradient?: Tensor | null };
    backward(this, gradient, options);
  }

  /** Calls `hook` with this tensor's gradient in every backward; a tensor it returns replaces the gradient. */
  register_hook(hook: GradientHook): RemovableHandle {
    return registerHook(this, hook);
  }

  /** Calls `hook` with this leaf whenever its `grad` has been accumulated. */
  register_post_accumulate_grad_hook(hook: (param: this) => void): RemovableHandle {
    return registerPostAccumulateGradHook(this, hook as (param: Tensor) => void);
  }

  /** Makes backward store the gradient of this non-leaf in `grad`. */
  retain_grad(): void {
    native.retain_grad(handleOf(this));
  }

  /** Whether `retain_grad` was called on this non-leaf. */
  get retains_grad(): boolean {
    return native.retains_grad(handleOf(this));
  }

  // ---- Values ----

  /** The value of a one-element tensor: a number, a BigInt where a number would lose bits, a boolean, or `{ re, im }`. */
  item(): Scalar {
    return native.item(handleOf(this));
  }

  /** The elements in arrays nested like the dimensions; a bare value (see `item`) for zero dimensions. */
  tolist(): Nested<Scalar> {
    const handle = handleOf(this);
    const code = native.dtype(handle);
    const readable = readableCode(code);
    const shape = native.shape(handle);
    if (readable === code) return nest(valuesOf(native.to_bytes(handle), code), shape);
    const wide = this.#convert(readable, null, {});
    try {
      return nest(valuesOf(native.to_bytes(wide), readable), shape);
    } finally {
      native.release(wide);
    }
  }

  /**
   * A copy of the elements in row-major order. int64 gives a BigInt64Array, bool a Uint8Array; complex numbers
   * are interleaved; float16 and bfloat16 give their bits in a Uint16Array, float8 in a Uint8Array.
   */
  toTypedArray(): TypedArray {
    const handle = handleOf(this);
    return typedArrayOf(native.to_bytes(handle), native.dtype(handle));
  }

  /** The element or sub-tensor at integer indices, one for each leading dimension; negative ones count from the end. */
  get(...indices: number[]): Tensor {
    const self = handleOf(this);
    const shape = native.shape(self);
    if (indices.length > shape.length) {
      throw new RangeError(
        shape.length === 0
          ? 'invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number'
          : `too many indices for tensor of dimension ${shape.length}`,
      );
    }
    indices.forEach((index, dim) => {
      if (!Number.isInteger(index)) {
        throw new TypeError(`get(): indices must be integers, but index ${dim} is ${String(index)}`);
      }
      const length = shape[dim]!;
      if (index < -length || index >= length) {
        throw new RangeError(
          `index ${index} is out of bounds for dimension ${dim} with size ${length}`,
        );
      }
    });
    selectOp ??= native.op('aten::select.int');
    aliasOp ??= native.op('aten::alias');
    let result: Handle = aliasOp(self);
    for (const index of indices) {
      const next: Handle = selectOp(result, 0, index);
      native.release(result);
      result = next;
    }
    return wrap(result);
  }

  /** Iterates over the first dimension. */
  [Symbol.iterator](): IterableIterator<Tensor> {
    if (this.ndim === 0) throw new TypeError('iteration over a 0-d tensor');
    return this.unbind(0).values();
  }

  // ---- Conversions ----

  /**
   * This tensor in another dtype or on another device. Where nothing changes the result shares the elements and
   * the history, as in Python, but is its own object: disposing of it leaves this one alone.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
   */
  to(dtype: dtypes.Dtype, options?: ToOptions): Tensor;
  to(device: DeviceLike, options?: ToOptions): Tensor;
  to(device: DeviceLike, dtype: dtypes.Dtype, options?: ToOptions): Tensor;
  to(other: Tensor, options?: ToOptions): Tensor;
  to(keywords: ToKeywords): Tensor;
  to(
    target: dtypes.Dtype | DeviceLike | Tensor | ToKeywords,
    second?: dtypes.Dtype | ToOptions,
    third?: ToOptions,
  ): Tensor {
    const keywords = isDtype(second) ? third : second;
    let code = isDtype(second) ? second.code : null;
    let where: string | null = null;
    let options: ToKeywords = keywords ?? {};
    refuseUnknown('to', options, toKeywords);
    if (isDtype(target)) code = target.code;
    else if (isDevice(target)) where = String(target);
    else if (isTensor(target)) {
      code = native.dtype(handleOf(target));
      where = native.device(handleOf(target));
    } else if (isKeywords(target)) {
      options = target;
      refuseUnknown('to', options, toKeywords);
    } else {
      throw new TypeError('to(): the first argument must be a dtype, a device, a tensor or options');
    }
    if (options.dtype !== undefined) code = options.dtype.code;
    if (options.device !== undefined) where = String(options.device);
    return wrap(this.#convert(code, where, options));
  }

  #convert(code: number | null, where: string | null, options: ToOptions): Handle {
    toOp ??= native.op('aten::to.dtype_layout');
    return toOp(
      handleOf(this),
      code,
      null,
      where,
      null,
      options.non_blocking ?? false,
      options.copy ?? false,
      options.memory_format?.code ?? null,
    );
  }

  #as(dtype: dtypes.Dtype, options: { memory_format?: dtypes.MemoryFormat } = {}): Tensor {
    return wrap(this.#convert(dtype.code, null, options));
  }

  /** As float32. */
  float(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.float32, options);
  }

  /** As float64. */
  double(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.float64, options);
  }

  /** As float16. */
  half(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.float16, options);
  }

  /** As bfloat16. */
  bfloat16(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.bfloat16, options);
  }

  /** As int32. */
  int(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int32, options);
  }

  /** As int64. */
  long(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int64, options);
  }

  /** As int16. */
  short(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int16, options);
  }

  /** As int8. */
  char(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int8, options);
  }

  /** As uint8. */
  byte(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.uint8, options);
  }

  /** As bool: everything but zero is true. */
  bool(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.bool, options);
  }

  /** On the CPU. */
  cpu(options: { memory_format?: dtypes.MemoryFormat } = {}): Tensor {
    return wrap(this.#convert(null, 'cpu', options));
  }

  /** On a CUDA device, the current one by default. */
  cuda(
    device: DeviceLike | number | null = null,
    options: { non_blocking?: boolean; memory_format?: dtypes.MemoryFormat } = {},
  ): Tensor {
    const where = typeof device === 'number' ? `cuda:${device}` : String(device ?? 'cuda');
    if (!where.startsWith('cuda')) {
      throw new TorchError(`Invalid device, must be cuda device, but got ${where}`);
    }
    return wrap(this.#convert(null, where, options));
  }

  // ---- Text ----

  /** The elements as Python's `repr` writes them. */
  override toString(): string {
    return tensorString(this);
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  #wrapDim(dim: number, dims: number): number {
    if (!Number.isInteger(dim)) {
      throw new TypeError(`argument 'dim' must be an integer, not ${String(dim)}`);
    }
    const bound = Math.max(dims, 1);
    if (dim < -bound || dim >= bound) {
      throw new RangeError(
        `Dimension out of range (expected to be in range of [${-bound}, ${bound - 1}], but got ${dim})`,
      );
    }
    return dim < 0 ? dim + bound : dim;
  }
}

setTensorClass(Tensor);
