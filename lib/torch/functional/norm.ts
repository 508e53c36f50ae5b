/** Norms and distances (`torch/functional.py`). */
import { TorchError, ValueError } from '../native';
import * as raw from '../generated/functions';
import * as linalg from '../generated/linalg';
import { type OneOrMany, pythonFunction } from '../call';
import { type Dtype, isInt, type Scalar, strided } from '../core';
import type { Tensor } from '../memory';

const modern = new Set(['cpu', 'cuda', 'xpu', 'meta']);

/** The operators that `torch.linalg` has, for dense tensors. */
function denseNorm(
  input: Tensor,
  p: Scalar | string | null,
  dim: readonly number[] | null,
  keepdim: boolean,
  out: Tensor | null,
  dtype: Dtype | null,
): Tensor {
  const options = out === null ? { dtype } : { dtype, out };
  if (typeof p !== 'string') return linalg.vector_norm(input, p ?? 2, dim, keepdim, options);
  if (p === 'fro' && (dim === null || dim.length <= 2)) return linalg.vector_norm(input, 2, dim, keepdim, options);
  const dims = dim ?? input.shape.map((_, i) => i);
  return linalg.matrix_norm(input, p, dims, keepdim, options);
}

/** The operators of old, which sparse tensors still need. */
function legacyNorm(
  input: Tensor,
  p: Scalar | string | null,
  dim: readonly number[] | null,
  keepdim: boolean,
  out: Tensor | null,
  dtype: Dtype | null,
): Tensor {
  const options = out === null ? {} : { out };
  const dims = dim ?? input.shape.map((_, i) => i);
  if (p === 'fro') {
    if (dtype !== null) throw new ValueError('dtype argument is not supported in frobenius norm');
    return raw.frobenius_norm(input, dim === null && out === null ? [] : dims, { keepdim, ...options });
  }
  if (p === 'nuc') {
    if (dtype !== null) throw new ValueError('dtype argument is not supported in nuclear norm');
    return dim === null
      ? raw.nuclear_norm(input, { keepdim, ...options })
      : raw.nuclear_norm(input, dim, { keepdim, ...options });
  }
  if (typeof p === 'string') throw new TorchError(`only valid string values are 'fro' and 'nuc', found ${p}`);
  return dtype === null
    ? raw.norm(input, p, dims, { keepdim, ...options })
    : raw.norm(input, p, dims, { keepdim, dtype, ...options });
}

/**
 * The norm of the elements, or of the vectors or matrices along `dim`: order `p` is a number, 'fro' or 'nuc'.
 * Deprecated in favour of `linalg.vector_norm` and `linalg.matrix_norm`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.norm.html
 */
export const norm = pythonFunction(
  'norm',
  ['input', 'p', 'dim', 'keepdim', 'out', 'dtype'],
  (
    input: Tensor,
    p: Scalar | 'fro' | 'nuc' | null = 'fro',
    dim: OneOrMany<number> | null = null,
    keepdim: boolean = false,
    out: Tensor | null = null,
    dtype: Dtype | null = null,
  ): Tensor => {
    const dims = isInt(dim) ? [dim] : dim;
    const dense = input.layout === strided && modern.has(input.device.type);
    return (dense ? denseNorm : legacyNorm)(input, p, dims, keepdim, out, dtype);
  },
);

/** `norm` as a method. */
export const normMethod = pythonFunction(
  'Tensor.norm',
  ['self', 'p', 'dim', 'keepdim', 'dtype'],
  (
    self: Tensor,
    p: Scalar | 'fro' | 'nuc' | null = 'fro',
    dim: OneOrMany<number> | null = null,
    keepdim: boolean = false,
    dtype: Dtype | null = null,
  ): Tensor => norm(self, p, dim, keepdim, null, dtype),
);

/** Condition under which `cdist` computes Euclidean distances by matrix multiplication. */
export type CdistMode =
  | 'use_mm_for_euclid_dist_if_necessary'
  | 'use_mm_for_euclid_dist'
  | 'donot_use_mm_for_euclid_dist';

const cdistModes: Readonly<Record<CdistMode, number | null>> = {
  use_mm_for_euclid_dist_if_necessary: null,
  use_mm_for_euclid_dist: 1,
  donot_use_mm_for_euclid_dist: 2,
};

/**
 * The p-norm distances between the rows of `x1` [..., P, M] and those of `x2` [..., R, M]: a tensor [..., P, R].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cdist.html
 */
export const cdist = pythonFunction(
  'cdist',
  ['x1', 'x2', 'p', 'compute_mode'],
  (x1: Tensor, x2: Tensor, p: number = 2, compute_mode: CdistMode = 'use_mm_for_euclid_dist_if_necessary'): Tensor => {
    if (!Object.hasOwn(cdistModes, compute_mode)) {
      throw new ValueError(`${compute_mode} is not a valid value for compute_mode`);
    }
    return raw.cdist(x1, x2, p, cdistModes[compute_mode]);
  },
);
