/** Singular values and principal components of nearly low-rank matrices, by random projection (`torch/_lowrank.py`). */
import { ValueError } from '../native';
import * as raw from '../generated/functions';
import * as linalg from '../generated/linalg';
import { pythonFunction } from '../call';
import { sparse_coo } from '../core';
import type { Tensor } from '../memory';
import { floatingDtype, matmul } from './linear_maps';
import { sparse_coo_tensor } from '../sparse/inside';
import { mm as sparseMm, sum as sparseSum } from '../sparse';

/** Left singular vectors, singular values and right singular vectors. */
export type LowRank = [U: Tensor, S: Tensor, V: Tensor];

const orthonormal = (X: Tensor): Tensor => linalg.qr(X).Q;
const adjoint = (A: Tensor): Tensor => A.adjoint();

/** An orthonormal basis of q columns for the range of A − M, from q random vectors and `niter` power iterations. */
function approximateBasis(A: Tensor, q: number, niter: number | null, M: Tensor | null): Tensor {
  const dtype = A.dtype.is_complex ? A.dtype : floatingDtype(A);
  const apply = (Q: Tensor): Tensor => {
    const X = matmul(A, Q);
    return M === null ? X : X.sub(matmul(M, Q));
  };
  const applyAdjoint = (Q: Tensor): Tensor => {
    const X = matmul(adjoint(A), Q);
    return M === null ? X : X.sub(matmul(adjoint(M), Q));
  };
  let Q = orthonormal(apply(raw.randn([A.size(-1), q], { dtype, device: A.device })));
  for (let i = 0; i < (niter ?? 2); i++) {
    Q = orthonormal(applyAdjoint(Q));
    Q = orthonormal(apply(Q));
  }
  return Q;
}

function decompose(given: Tensor, q: number | null, niter: number | null, offset: Tensor | null): LowRank {
  const wide = given.size(-2) < given.size(-1);
  const broadcast = offset?.broadcast_to(given.shape) ?? null;
  const A = wide ? adjoint(given) : given;
  const M = wide && broadcast !== null ? adjoint(broadcast) : broadcast;
  const Q = approximateBasis(A, q ?? 6, niter, M);
  let B = matmul(adjoint(Q), A);
  if (M !== null) B = B.sub(matmul(adjoint(Q), M));
  const { U, S, Vh } = linalg.svd(B, false);
  const V = adjoint(Vh);
  const left = Q.matmul(U);
  return wide ? [V, S, left] : [left, S, V];
}

/**
 * The q largest singular values of A − M [..., m, n], and their vectors, approximately: A − M ≈ U diag(S) Vᴴ. Draws
 * from the default generator.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.svd_lowrank.html
 */
export const svd_lowrank = pythonFunction(
  'svd_lowrank',
  ['A', 'q', 'niter', 'M'],
  (A: Tensor, q: number | null = 6, niter: number | null = 2, M: Tensor | null = null): LowRank =>
    decompose(A, q, niter, M),
);

/** A matrix of which every row is the mean of the rows of the sparse matrix A. */
function sparseMean(A: Tensor, m: number, n: number): Tensor {
  if (A.ndim !== 2) throw new ValueError('pca_lowrank input is expected to be 2-dimensional tensor');
  const dtype = floatingDtype(A);
  const { device } = A;
  const c = sparseSum(A, [-2]).div(m);
  const columns = c.indices().select(0, 0);
  const indices = raw.zeros([2, columns.size(0)], { dtype: columns.dtype, device });
  indices.select(0, 0).copy_(columns);
  const means = sparse_coo_tensor(indices, c.values(), [n, 1], { dtype, device });
  return sparseMm(means, raw.ones([...A.shape.slice(0, -2), 1, m], { dtype, device })).transpose(-2, -1);
}

/**
 * The q first principal components of the rows of A [..., m, n], centred first unless `center` is false. Draws from the
 * default generator.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.pca_lowrank.html
 */
export const pca_lowrank = pythonFunction(
  'pca_lowrank',
  ['A', 'q', 'center', 'niter'],
  (A: Tensor, q: number | null = null, center: boolean = true, niter: number = 2): LowRank => {
    const [m, n] = A.shape.slice(-2) as [number, number];
    const count = q ?? Math.min(6, m, n);
    if (count < 0 || count > Math.min(m, n)) {
      throw new ValueError(`q(=${q}) must be non-negative integer and not greater than min(m, n)=${Math.min(m, n)}`);
    }
    if (niter < 0) throw new ValueError(`niter(=${niter}) must be non-negative integer`);
    if (!center) return decompose(A, count, niter, null);
    if (A.layout === sparse_coo) return decompose(A, count, niter, sparseMean(A, m, n));
    return decompose(A.sub(A.mean([-2], true)), count, niter, null);
  },
);
