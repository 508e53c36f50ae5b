/** Operations of `torch.sparse` (`torch/sparse/__init__.py`, `torch._C._sparse`). */
import * as raw from '../generated/functions';
import { type OneOrMany, pythonFunction } from '../call';
import type { Dtype } from '../core';
import type { Tensor } from '../memory';

export {
  _sparse_addmm as addmm,
  _sparse_log_softmax as log_softmax,
  _sparse_mm as mm,
  _sparse_softmax as softmax,
  _spdiags as spdiags,
  _spsolve as spsolve,
  sampled_addmm,
} from '../generated/sparse';

/**
 * The sum of a sparse tensor's elements, over `dim` or all. Sparse dimensions that are left make a sparse result.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.sum.html
 */
export const sum = pythonFunction(
  'sum',
  ['input', 'dim', 'dtype'],
  (input: Tensor, dim: OneOrMany<number> | null = null, dtype: Dtype | null = null): Tensor => {
    if (dtype === null) return dim === null ? raw._sparse_sum(input) : raw._sparse_sum(input, dim);
    return dim === null ? raw._sparse_sum(input, { dtype }) : raw._sparse_sum(input, dim, { dtype });
  },
);
