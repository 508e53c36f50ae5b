/**
 * Elements of tensors as JavaScript values: which typed array holds a dtype's bytes, and how bytes read.
 *
 * The rule for values: a number; a BigInt where a number would lose bits; a boolean; `{ re, im }`.
 */
import { type Handle, native, OutOfMemoryError } from '../../native';
import { dtypes, type Element, isSharedArrayBuffer } from '../../core';

/** Elements nested like the tensor's dimensions; a bare value for zero dimensions. */
export type Nested<T> = T | Nested<T>[];

/** The typed arrays that tensors exchange data with. */
export type TypedArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/**
 * A copy of a tensor's elements, row-major. JavaScript allocates, because an allocation that fails in native code
 * ends the process.
 *
 * @throws OutOfMemoryError
 */
export function bytesOf(tensor: Handle): ArrayBuffer {
  const size = native.numel(tensor) * native.element_size(tensor);
  let bytes: ArrayBuffer;
  try {
    bytes = new ArrayBuffer(size);
  } catch {
    throw new OutOfMemoryError(`cannot copy a tensor of ${size} bytes: JavaScript has no memory for it`);
  }
  native.to_bytes(tensor, new Uint8Array(bytes));
  return bytes;
}

type Read = (bytes: ArrayBuffer) => TypedArray;

const readers: Record<number, Read> = {
  [dtypes.uint8.code]: (bytes) => new Uint8Array(bytes),
  [dtypes.int8.code]: (bytes) => new Int8Array(bytes),
  [dtypes.int16.code]: (bytes) => new Int16Array(bytes),
  [dtypes.int32.code]: (bytes) => new Int32Array(bytes),
  [dtypes.int64.code]: (bytes) => new BigInt64Array(bytes),
  [dtypes.float16.code]: (bytes) => new Uint16Array(bytes),
  [dtypes.float32.code]: (bytes) => new Float32Array(bytes),
  [dtypes.float64.code]: (bytes) => new Float64Array(bytes),
  [dtypes.complex32.code]: (bytes) => new Uint16Array(bytes),
  [dtypes.complex64.code]: (bytes) => new Float32Array(bytes),
  [dtypes.complex128.code]: (bytes) => new Float64Array(bytes),
  [dtypes.bool.code]: (bytes) => new Uint8Array(bytes),
  [dtypes.bfloat16.code]: (bytes) => new Uint16Array(bytes),
  [dtypes.uint16.code]: (bytes) => new Uint16Array(bytes),
  [dtypes.uint32.code]: (bytes) => new Uint32Array(bytes),
  [dtypes.uint64.code]: (bytes) => new BigUint64Array(bytes),
};

/** Raw bytes as the typed array of their dtype; dtypes that JavaScript lacks (float16, float8, …) as their bits. */
export function typedArrayOf(bytes: ArrayBuffer, code: number): TypedArray {
  return (readers[code] ?? readers[dtypes.uint8.code]!)(bytes);
}

// Quantized dtypes and those of several values in a byte: their bytes are no values.
const unreadable = new Set<number>(
  [dtypes.qint8, dtypes.quint8, dtypes.qint32, dtypes.quint4x2, dtypes.quint2x4, dtypes.float4_e2m1fn_x2].map(
    (dtype) => dtype.code,
  ),
);

/** Whether elements of a dtype are values by themselves. */
export function isReadable(code: number): boolean {
  return !unreadable.has(code);
}

/** The dtype whose arithmetic JavaScript can read: float16, bfloat16 and float8 read as float32. */
export function readableCode(code: number): number {
  if (code === dtypes.float16.code || code === dtypes.bfloat16.code) return dtypes.float32.code;
  if (code === dtypes.complex32.code) return dtypes.complex64.code;
  return code in readers ? code : dtypes.float32.code;
}

/** A number where it keeps all bits. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Elements of a readable dtype (see `readableCode`) in order, as JavaScript values. */
export function valuesOf(bytes: ArrayBuffer, code: number): Element[] {
  const array = typedArrayOf(bytes, code);
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) {
    return Array.from(array as Iterable<bigint>, narrow);
  }
  if (code === dtypes.bool.code) return Array.from(array, (bit) => bit !== 0);
  if (code === dtypes.complex64.code || code === dtypes.complex128.code) {
    return Array.from({ length: array.length / 2 }, (_, i) => ({
      re: array[2 * i] as number,
      im: array[2 * i + 1] as number,
    }));
  }
  return Array.from(array);
}

/** Folds a row-major list into arrays nested by `shape`. */
export function nest<T>(values: T[], shape: number[]): Nested<T> {
  if (shape.length === 0) return values[0]!;
  let start = 0;
  const fold = (dim: number): Nested<T>[] => {
    const length = shape[dim]!;
    if (dim === shape.length - 1) {
      start += length;
      return values.slice(start - length, start);
    }
    return Array.from({ length }, () => fold(dim + 1));
  };
  return fold(0);
}

const codesByName: Record<string, number> = {
  Uint8Array: dtypes.uint8.code,
  Uint8ClampedArray: dtypes.uint8.code,
  Int8Array: dtypes.int8.code,
  Uint16Array: dtypes.uint16.code,
  Int16Array: dtypes.int16.code,
  Uint32Array: dtypes.uint32.code,
  Int32Array: dtypes.int32.code,
  BigUint64Array: dtypes.uint64.code,
  BigInt64Array: dtypes.int64.code,
  Float16Array: dtypes.float16.code,
  Float32Array: dtypes.float32.code,
  Float64Array: dtypes.float64.code,
};
const brand = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!;

/** Dtype code of a typed array (subclasses such as Buffer too); undefined for anything else. */
export function codeOfTypedArray(value: unknown): number | undefined {
  // The brand reads the internal slot, so forged prototypes and other realms' arrays are told apart.
  const name: string | undefined = brand.call(value);
  return name === undefined ? undefined : codesByName[name];
}

/** Throws when the memory of a view has been transferred away; an empty view is otherwise a fine empty tensor. */
export function refuseDetached(name: string, view: ArrayBufferView): void {
  if (view.byteLength > 0 || view.byteOffset > 0) return;
  try {
    new Uint8Array(view.buffer as ArrayBuffer);
  } catch {
    throw new TypeError(`${name}(): the ArrayBuffer behind data is detached (it was transferred); pass a live one`);
  }
}

/** Shared memory is copied first: another thread may write it while native code reads. */
export function unshared<T extends ArrayBufferView>(view: T): ArrayBufferView {
  if (!isSharedArrayBuffer(view.buffer)) return view;
  const copy = new Uint8Array(view.byteLength);
  copy.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return copy;
}
