/** Small things that all parts of gradcheck need. */
import { allclose, promote_types } from '../../generated/functions';
import { type Complex, floatRepr, typeName, valueText } from '../../core';
import { isTensor, type Tensor } from '../../memory';

/** Function that is checked: from any inputs to tensors. */
export type Checked = (...inputs: unknown[]) => unknown;

/** `i`, the imaginary unit. */
export const I: Complex = { re: 0, im: 1 };

/** A value as a list. */
export function asTuple(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A function's outputs, which must be tensors. */
export function outputsOf(value: unknown): Tensor[] {
  const list = asTuple(value);
  for (const item of list) {
    if (isTensor(item)) continue;
    throw new TypeError(`gradcheck expects the function to return tensors, but it returned a ${typeName(item)}`);
  }
  return list as Tensor[];
}

/** Whether gradients with respect to this input are wanted. */
export function isDifferentiable(value: unknown): value is Tensor {
  return isTensor(value) && (value as Tensor).requires_grad;
}

/** The inputs that gradients are wanted for. */
export function differentiable(inputs: readonly unknown[]): Tensor[] {
  return inputs.filter(isDifferentiable);
}

/** Outputs that were recorded. */
export function differentiableOutputs(value: unknown): Tensor[] {
  return outputsOf(value).filter((output) => output.requires_grad);
}

/** Whether the elements are real or complex numbers. */
export function isFloatOrComplex(tensor: Tensor): boolean {
  return tensor.is_floating_point() || tensor.is_complex();
}

/** Every index of a shape, the last dimension fastest. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const [first, ...rest] = shape;
  if (first === undefined) {
    yield [];
    return;
  }
  for (let i = 0; i < first; i++) for (const inner of indices(rest)) yield [i, ...inner];
}

/** A view of one element, or of a part. */
export function at(tensor: Tensor, index: readonly number[]): Tensor {
  return index.reduce((view, i) => view.select(0, i), tensor);
}

/** `torch.allclose` of tensors whose dtypes may differ. */
export function closeEnough(a: Tensor, b: Tensor, rtol: number, atol: number): boolean {
  const dtype = promote_types(a.dtype, b.dtype);
  return allclose(a.to(dtype), b.to(dtype), rtol, atol);
}

/** A tensor as Python's f-strings show it: a bare number for zero dimensions. */
export function text(tensor: Tensor): string {
  if (tensor.ndim > 0) return String(tensor);
  const value = tensor.item();
  return typeof value === 'number' ? floatRepr(value) : valueText(value);
}

/** Rows become columns. */
export function transpose<T>(matrix: readonly (readonly T[])[]): T[][] {
  const width = Math.min(...matrix.map((row) => row.length));
  if (matrix.length === 0) return [];
  return Array.from({ length: width }, (_, i) => matrix.map((row) => row[i] as T));
}
