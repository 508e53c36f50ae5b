/** Functions of updates: of stand-ins, which are written down, and of tensors, which are computed at once. */
import * as F from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { call } from './recorder';
import { Register } from './tape';

const standsIn = (value: unknown): boolean => value instanceof Register;

/** `torch.maximum(input, other, out=out)`. */
export function maximum(input: Tensor, other: Tensor, out: Tensor): void {
  if (standsIn(input)) call('maximum.out', [input, other, out]);
  else F.maximum(input, other, { out });
}

/** `tensor.lerp_(end, weight)`, whose weight may be a tensor. */
export function lerp_(tensor: Tensor, end: Tensor, weight: number): Tensor {
  return standsIn(tensor) && isTensor(weight)
    ? call('lerp_.Tensor', [tensor, end, weight])
    : tensor.lerp_(end, weight as number & Tensor);
}

/** `torch.where(condition, input, other)` with a number for `other`. */
export function where(condition: Tensor, input: Tensor | number, other: number): Tensor {
  if (!standsIn(condition)) return F.where(condition, input as Tensor, other);
  return call(typeof input === 'number' ? 'where.Scalar' : 'where.ScalarOther', [condition, input, other]);
}

/** `torch.view_as_real(input)`. */
export function view_as_real(input: Tensor): Tensor {
  return standsIn(input) ? call('view_as_real', [input]) : F.view_as_real(input);
}

/** `torch.view_as_complex(input)`. */
export function view_as_complex(input: Tensor): Tensor {
  return standsIn(input) ? call('view_as_complex', [input]) : F.view_as_complex(input);
}

/** `torch.linalg.vector_norm(input, 2, dim, keepdim)`, the norm that `torch.norm` is by default; of all elements without `dim`. */
export const norm = (input: Tensor, dim: number | null = null): Tensor =>
  call('linalg_vector_norm', [input, 2, dim, dim !== null]);

/** `torch.addmm(input, mat1, mat2, beta=beta, alpha=alpha)`. */
export const addmm = (input: Tensor, mat1: Tensor, mat2: Tensor, beta: number, alpha: number): Tensor =>
  call('addmm', [input, mat1, mat2, beta, alpha]);
