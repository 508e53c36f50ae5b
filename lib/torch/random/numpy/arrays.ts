/** Arrays of NumPy's functions, which are tensors here. */
import { dtypes, type Dtype, typeName } from '../../core';
import { native, OutOfMemoryError, ValueError } from '../../native';
import { type Tensor, wrap } from '../../memory';

/** A size: an int, or several; null is a single number. */
export type Shape = number | readonly number[];

/** The dimensions of a size. */
export function dimsOf(size: Shape): number[] {
  const dims: unknown[] = typeof size === 'number' ? [size] : Array.from(size);
  for (const dim of dims) {
    if (typeof dim !== 'number' || !Number.isInteger(dim)) {
      throw new TypeError(
        `'${typeof dim === 'number' ? 'float' : typeName(dim)}' object cannot be interpreted as an integer`,
      );
    }
    if (dim < 0) throw new ValueError('negative dimensions are not allowed');
  }
  return dims as number[];
}

/** Number of elements. */
export const countOf = (dims: readonly number[]): number => dims.reduce((count, dim) => count * dim, 1);

/** A tensor of these elements, on the CPU. */
export function arrayOf(items: ArrayBufferView, dims: number[], dtype: Dtype): Tensor {
  return wrap(native.from_bytes(items, dims, dtype.code));
}

/** Draws as a float64 tensor. */
export function doubles(size: Shape, draw: () => number): Tensor {
  const dims = dimsOf(size);
  const count = countOf(dims);
  let items: Float64Array;
  try {
    items = new Float64Array(count);
  } catch (cause) {
    throw new OutOfMemoryError(`there is no memory for an array of ${count} numbers`, { cause });
  }
  for (let i = 0; i < count; i++) items[i] = draw();
  return arrayOf(items, dims, dtypes.float64);
}

/** Whole numbers as an int64 tensor. */
export function integers(items: ArrayLike<number>, dims: number[]): Tensor {
  const words = new Uint32Array(2 * items.length);
  for (let i = 0; i < items.length; i++) {
    words[2 * i] = items[i]!;
    words[2 * i + 1] = Math.floor(items[i]! / 2 ** 32);
  }
  return arrayOf(words, dims, dtypes.int64);
}

/** Draws of whole numbers as an int64 tensor. */
export function wholes(size: Shape, draw: () => number): Tensor {
  const dims = dimsOf(size);
  return integers(new Float64Array(countOf(dims)).map(draw), dims);
}

/** 0, 1, …, n − 1. */
export const places = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);
