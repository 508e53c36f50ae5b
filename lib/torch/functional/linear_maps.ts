/** Helpers of iterative algorithms of linear algebra (`torch/_linalg_utils.py`). */
import * as raw from '../generated/functions';
import * as linalg from '../generated/linalg';
import { type Dtype, float16, float32, float64, sparse_coo } from '../core';
import type { Tensor } from '../memory';
import { mm as sparseMm } from '../sparse';

/** The dtype to compute in: the tensor's own where it is a real float of IEEE, else float32. */
export function floatingDtype(A: Tensor): Dtype {
  return A.dtype === float16 || A.dtype === float64 ? A.dtype : float32;
}

/** A·B, where A may be sparse, or null for the identity. */
export function matmul(A: Tensor | null, B: Tensor): Tensor {
  if (A === null) return B;
  return A.layout === sparse_coo ? sparseMm(A, B) : raw.matmul(A, B);
}

/** SᵀAS. */
export function quadraticForm(A: Tensor | null, S: Tensor): Tensor {
  return matmul(S.transpose(-2, -1), matmul(A, S));
}

/** Eigenvalues and eigenvectors of symmetric matrices, in ascending or descending order. */
export function symmetricEigen(A: Tensor, largest: boolean | null): [E: Tensor, Z: Tensor] {
  const [E, Z] = linalg.eigh(A, 'U') as Iterable<Tensor> as [Tensor, Tensor];
  return largest ? [raw.flip(E, [-1]), raw.flip(Z, [-1])] : [E, Z];
}
