/** Tensors from JavaScript data: `tensor`, `as_tensor`, `frombuffer`, `is_tensor`. */
import { type Handle, native, type NativeOp, TorchError, ValueError } from '../../native';
import { handleOf, isTensor, type Tensor, wrap } from '../../memory';
import { bfloat16, type DeviceLike, Dtype, dtypeOf, isAnyArrayBuffer, numelOf, warnOnce, ownOf } from '../../core';
import { defaultDevice, get_default_dtype, handBound, isKeywords } from '../../call';
import { codeOfTypedArray, readableCode, refuseDetached, type TypedArray, unshared } from './elements';
import { flatten, pack, type TensorData } from './nested_data';

/** Options of `tensor`. */
export interface TensorOptions {
  /** Element type; by default what the data asks for. */
  dtype?: Dtype;
  /** Device of the tensor; by default the CPU. */
  device?: DeviceLike;
  /** Whether autograd records operations on it. */
  requires_grad?: boolean;
}

let convertOp: NativeOp | undefined;

/** Takes over `handle`, and gives a tensor of the wanted dtype and device. */
function convert(handle: Handle, code: number, device: DeviceLike | undefined): Handle {
  if (native.dtype(handle) === code && device === undefined) return handle;
  convertOp ??= native.op('aten::to.dtype_layout');
  try {
    return convertOp(handle, code, null, device === undefined ? null : String(device));
  } finally {
    native.release(handle);
  }
}

function checkDifferentiable(code: number, requires_grad: boolean | undefined): void {
  const dtype = dtypeOf(code);
  if (requires_grad && !dtype.is_floating_point && !dtype.is_complex) {
    throw new TorchError('Only Tensors of floating point and complex dtype can require gradients');
  }
}

function finish(handle: Handle, code: number, device?: DeviceLike, requires_grad?: boolean): Tensor {
  const result = convert(handle, code, device);
  if (requires_grad === true) native.set_requires_grad(result, true);
  return wrap(result);
}

function fromTypedArray(name: string, array: ArrayBufferView, shape: number[], code: number): Handle {
  refuseDetached(name, array);
  return native.from_bytes(unshared(array), shape, code);
}

type Names = readonly (keyof TensorOptions)[];

const tensorOptions: Names = ['dtype', 'device', 'requires_grad'];
const asTensorOptions: Names = ['dtype', 'device'];

const parseTensor = handBound('tensor', [
  'object data; *; ScalarType dtype=None; Device? device=None; bool requires_grad=False',
]);
const parseAsTensor = handBound('as_tensor', ['object data; *; ScalarType dtype=None; Device? device=None']);

/** The data and the options: what everybody writes without the parser, which reads the rest and words what is wrong. */
function read(parse: typeof parseTensor, names: Names, args: readonly unknown[]): [TensorData, TensorOptions] {
  const [data, given] = args;
  const byKeyword = isKeywords(data) && ['data', ...names].some((name) => Object.hasOwn(data, name));
  if (args.length === 1 && !byKeyword) return [data as TensorData, Object.create(null)];
  if (args.length === 2 && !byKeyword && isKeywords(given)) {
    const options = ownOf(given) as TensorOptions;
    const known = Object.keys(options).every((name) => (names as readonly string[]).includes(name));
    if (known && (options.dtype === undefined || options.dtype instanceof Dtype)) return [data as TensorData, options];
  }
  const [parsed, ...values] = parse(args).values;
  const options: Record<string, unknown> = Object.create(null);
  for (const [i, name] of names.entries()) if (values[i] != null) options[name] = values[i];
  return [parsed as TensorData, options];
}

/** The device that was asked for, or the default one if that was set. */
function deviceOf(options: TensorOptions): string | undefined {
  return options.device == null ? (defaultDevice() ?? undefined) : String(options.device);
}

function create(name: string, data: TensorData, options: TensorOptions): Tensor {
  options.device = deviceOf(options);
  if (isTensor(data)) {
    const source = native.alias(handleOf(data));
    convertOp ??= native.op('aten::to.dtype_layout');
    const device = options.device ?? null;
    const code = options.dtype?.code ?? native.dtype(source);
    try {
      checkDifferentiable(code, options.requires_grad);
      const copy: Handle = convertOp(source, code, null, device, null, false, true);
      return finish(copy, code, undefined, options.requires_grad);
    } finally {
      native.release(source);
    }
  }
  const arrayCode = codeOfTypedArray(data);
  if (arrayCode !== undefined) {
    const array = data as TypedArray;
    const code = options.dtype?.code ?? arrayCode;
    checkDifferentiable(code, options.requires_grad);
    return finish(fromTypedArray(name, array, [array.length], arrayCode), code, options.device, options.requires_grad);
  }
  const flat = flatten(data);
  const code = options.dtype?.code ?? flat.code ?? get_default_dtype().code;
  checkDifferentiable(code, options.requires_grad);
  const packed = code === bfloat16.code ? code : readableCode(code);
  const handle = native.from_bytes(pack(flat.values, packed), flat.shape, packed);
  return finish(handle, code, options.device, options.requires_grad);
}

const ON_COPIES =
  'To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() ' +
  'or sourceTensor.detach().clone().requires_grad_(true), rather than torch.tensor(sourceTensor).';

/**
 * A new tensor with a copy of `data`: a value, a typed array, or arrays nested to any depth.
 *
 * Numbers give the default dtype (float32), BigInts int64, booleans bool, `{ re, im }` the complex counterpart of the
 * default dtype, a typed array its own dtype; mixed
 * kinds promote in that order (boolean, BigInt, number, complex). The result never depends on the values.
 *
 * @throws ValueError "expected sequence of length 2 at dim 1 (got 3)" for ragged data
 * @throws TorchError for values that do not fit an integer dtype
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
 */
export function tensor(data: TensorData, options?: TensorOptions): Tensor;
export function tensor(keywords: TensorOptions & { data: TensorData }): Tensor;
export function tensor(...args: unknown[]): Tensor {
  const [data, options] = read(parseTensor, tensorOptions, args);
  if (isTensor(data)) warnOnce(ON_COPIES);
  return create('tensor', data, options);
}

/**
 * `data` as a tensor: a tensor of the same dtype and device is shared with its autograd history, one of another is
 * converted; anything else is copied as `tensor` does.
 */
export function as_tensor(data: TensorData, options?: Omit<TensorOptions, 'requires_grad'>): Tensor;
export function as_tensor(keywords: Omit<TensorOptions, 'requires_grad'> & { data: TensorData }): Tensor;
export function as_tensor(...args: unknown[]): Tensor {
  const [data, options] = read(parseAsTensor, asTensorOptions, args);
  if (!isTensor(data)) return create('as_tensor', data, options);
  convertOp ??= native.op('aten::to.dtype_layout');
  const device = deviceOf(options) ?? null;
  return wrap(convertOp(handleOf(data), options.dtype?.code ?? null, null, device));
}

/** Options of `frombuffer`. */
export interface FromBufferOptions {
  /** Dtype of the bytes. */
  dtype: Dtype;
  /** Number of elements to read; -1 reads to the end. */
  count?: number;
  /** Bytes to skip. */
  offset?: number;
  /** Shape of the result; one dimension by default. Python has no such argument. */
  shape?: number[];
  /** Whether autograd records operations on it. */
  requires_grad?: boolean;
}

const parseBuffer = handBound('frombuffer', [
  'object buffer; *; ScalarType dtype; int count=-1; int offset=0; bool requires_grad=False; int[] shape=None',
]);

/**
 * A tensor from raw little-endian bytes. Unlike Python's, it copies: memory of JavaScript may move or be freed, and
 * libtorch's kernels want theirs aligned.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.frombuffer.html
 */
export function frombuffer(buffer: ArrayBufferView | ArrayBufferLike, options: FromBufferOptions): Tensor;
export function frombuffer(keywords: FromBufferOptions & { buffer: ArrayBufferView | ArrayBufferLike }): Tensor;
export function frombuffer(...args: unknown[]): Tensor {
  const [buffer, dtype, count = -1, offset = 0, requires_grad, wantedShape] = parseBuffer(args).values as [
    ArrayBufferView | ArrayBufferLike,
    Dtype,
    number | undefined,
    number | undefined,
    boolean | undefined,
    number[] | null | undefined,
  ];
  const bytes = bytesOf(buffer);
  const length = bytes.byteLength;
  const size = dtype.itemsize;
  if (length === 0 || count === 0) {
    throw new ValueError(`both buffer length (${length}) and count (${count}) must not be 0`);
  }
  if (offset < 0 || offset >= length) {
    throw new ValueError(
      `offset (${offset} bytes) must be non-negative and no greater than buffer length (${length} bytes) minus 1`,
    );
  }
  const rest = length - offset;
  if (count > 0 && count * size > rest) {
    throw new ValueError(
      `requested buffer length (${count} * ${size} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${length} bytes)`,
    );
  }
  if (count < 0 && rest % size !== 0) {
    throw new ValueError(
      `buffer length (${rest} bytes) after offset (${offset} bytes) must be a multiple of element size (${size})`,
    );
  }
  const elements = count > 0 ? count : rest / size;
  const shape = wantedShape ?? [elements];
  const wanted = numelOf(shape);
  if (wanted !== elements || shape.some((length) => !Number.isInteger(length) || length < 0)) {
    throw new TorchError(`shape '[${shape.join(', ')}]' is invalid for input of size ${elements}`);
  }
  checkDifferentiable(dtype.code, requires_grad);
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset + offset, elements * size);
  return finish(native.from_bytes(unshared(view), shape, dtype.code), dtype.code, undefined, requires_grad);
}

function bytesOf(buffer: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (ArrayBuffer.isView(buffer)) {
    refuseDetached('frombuffer', buffer);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  if (isAnyArrayBuffer(buffer)) {
    refuseDetached('frombuffer', { buffer, byteLength: buffer.byteLength, byteOffset: 0 });
    return new Uint8Array(buffer);
  }
  throw new TypeError('frombuffer(): argument 1 must be an ArrayBuffer, a typed array, a DataView or a Buffer');
}

/** Whether the value is a tensor of this environment. Takes any further arguments: `list.every(torch.is_tensor)` hands it three. */
export function is_tensor(obj: unknown): obj is Tensor {
  return isTensor(obj);
}
