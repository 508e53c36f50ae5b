/** Arrays of NumPy as tensors. */
import { numelOf } from '../../core';
import { native } from '../../native';
import { type Tensor, wrap } from '../../memory';
import { fault } from '../source';
import { type ElementType, swap } from './descr';

/** An array's shape and the order of its elements in memory. */
export interface ArrayLayout extends ElementType {
  readonly shape: readonly number[];
  /** Whether the first index changes fastest. */
  readonly fortran: boolean;
}

/** Bytes of an array. */
export const bytesNeeded = ({ dtype, shape }: ArrayLayout): number => numelOf(shape) * dtype.itemsize;

/** A row-major tensor of the bytes' shape as the array's: of Fortran's order it is the transpose of what it would be in C's. */
export function inOrder(tensor: Tensor, { fortran, shape }: ArrayLayout): Tensor {
  if (!fortran || shape.length < 2) return tensor;
  return tensor.permute(shape.map((_, i) => shape.length - 1 - i));
}

/** Shape of the row-major tensor that has the array's bytes. */
export const shapeInMemory = ({ fortran, shape }: ArrayLayout): number[] =>
  fortran ? [...shape].reverse() : [...shape];

/** An array from its bytes. */
export function arrayOf(layout: ArrayLayout, bytes: Uint8Array): Tensor {
  const needed = bytesNeeded(layout);
  if (bytes.length !== needed) {
    throw fault(
      `an array of shape [${layout.shape}] and ${layout.dtype} needs ${needed} bytes, and has ${bytes.length}`,
    );
  }
  const own = layout.swapped > 0 ? Uint8Array.from(bytes) : bytes;
  if (layout.swapped > 0) swap(own, layout.swapped);
  return inOrder(wrap(native.from_bytes(own, shapeInMemory(layout), layout.dtype.code)), layout);
}
