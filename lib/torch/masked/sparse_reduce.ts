/** Reductions of sparse tensors over what they store (`torch/masked/_ops.py`). */
import { AssertionError, NotImplementedError, ValueError } from '../native';
import * as raw from '../generated/functions';
import { tensor } from '../tensor';
import { bfloat16, type Dtype, float16, float32 } from '../core';
import type { Tensor } from '../memory';
import { sparse_coo_tensor, sparse_csr_tensor } from '../sparse/inside';
import { unique } from '../functional';
import { reductionIdentity } from './identity';

/** The reductions that sparse layouts have. */
export type SparseReduction = 'sum' | 'prod' | 'amax' | 'amin' | 'mean';

type Reduce = (values: Tensor, keepdim: boolean, options: { dtype?: Dtype }) => Tensor;

/** Each reduction over the first dimension. */
const overFirst: Readonly<Record<SparseReduction, Reduce>> = {
  sum: (values, keepdim, options) => raw.sum(values, 0, keepdim, options),
  prod: (values, keepdim, options) => raw.prod(values, 0, keepdim, options),
  mean: (values, keepdim, options) => raw.mean(values, 0, keepdim, options),
  amax: (values, keepdim) => raw.amax(values, 0, keepdim),
  amin: (values, keepdim) => raw.amin(values, 0, keepdim),
};

/** Values whose columns of coordinates became equal are reduced to one. */
function mergeEqual(reduction: SparseReduction, indices: Tensor, values: Tensor, dtype: Dtype): [Tensor, Tensor] {
  const [merged, inverse] = unique(indices, { return_inverse: true, dim: 1 });
  const shape = [merged.size(1), ...values.shape.slice(1)];
  const scatter = values.shape
    .slice(1)
    .reduce((index) => index.unsqueeze(-1), inverse)
    .expand(values.shape);
  const half = dtype === bfloat16 || dtype === float16;
  const source = half ? values.to(float32) : values;
  const out = source.new_empty(shape).scatter_reduce_(0, scatter, source, reduction, { include_self: false });
  return [merged, half ? out.to(dtype) : out];
}

/** Reduces a COO tensor; the result is one, too. */
export function reduceSparseCoo(
  reduction: SparseReduction,
  input: Tensor,
  dims: readonly number[],
  keepdim: boolean,
  dtype: Dtype,
): Tensor {
  const sparseDims = input.sparse_dim();
  const shape = keepdim
    ? input.shape.map((length, dim) => (dims.includes(dim) ? 1 : length))
    : input.shape.filter((_, dim) => !dims.includes(dim));
  const inside = dims.filter((dim) => dim < input.dim());
  const sparse = inside.filter((dim) => dim < sparseDims);
  const dense = inside.filter((dim) => dim >= sparseDims).map((dim) => dim + 1 - sparseDims);
  let values = input._values();
  if (values.dtype !== dtype) values = values.to(dtype);
  if (dense.length > 0 && reduction !== 'sum') {
    throw new NotImplementedError(`masked ${reduction} of a sparse tensor over its dense dimensions`);
  }
  values = dense.length > 0 ? raw.sum(values, dense, keepdim) : values.clone();
  if (sparse.length === sparseDims) {
    const empty = (reduction === 'amax' || reduction === 'amin') && values.size(0) === 0;
    values = empty ? (reductionIdentity(reduction, values) as Tensor) : overFirst[reduction](values, false, {});
    for (let i = 0; keepdim && i < sparseDims; i++) values = values.unsqueeze(0);
    return values.to(dtype).to_sparse();
  }
  let indices = input._indices().clone();
  if (keepdim) {
    if (sparse.length > 0) indices.set([sparse, ':'], 0);
  } else if (sparse.length > 0) {
    const kept = input.shape.slice(0, sparseDims).flatMap((_, dim) => (sparse.includes(dim) ? [] : [BigInt(dim)]));
    indices = indices.index_select(0, tensor(kept, { device: input.device }));
  }
  if (indices.numel() > 0) [indices, values] = mergeEqual(reduction, indices, values, dtype);
  return sparse_coo_tensor(indices, values, shape, { dtype, device: input.device });
}

/** Reduces a CSR matrix, over rows, columns or both; dimensions are kept. */
export function reduceSparseCsr(
  reduction: SparseReduction,
  input: Tensor,
  dims: readonly number[],
  keepdim: boolean,
  dtype: Dtype,
): Tensor {
  if (!keepdim) throw new AssertionError('reduction operations on CSR tensors with keepdim=False is unsupported');
  let values = input.values();
  if (values.dtype !== dtype) values = values.to(dtype);
  if (dims.length === 0) return input;
  const options = { dtype, device: input.device };
  const [rows, columns] = [input.crow_indices(), input.col_indices()];
  if (dims.length > 1) return reduceWhole(reduction, values, columns, dtype, options);
  if (dims[0] === 0) {
    const [kept, inverse] = unique(columns, { return_inverse: true });
    const reduced = values.new_empty(kept.shape);
    reduced.scatter_reduce_(0, inverse, values, reduction, { include_self: false });
    return sparse_csr_tensor(tensor([0n, BigInt(kept.size(0))]), kept, reduced, [1, input.size(1)], options);
  }
  if (dims[0] !== 1) {
    throw new AssertionError('Sparse CSR tensors are 2D and only support reduction along dim 0 or 1.');
  }
  const filled = raw.cumsum(raw.diff(rows).ne(0), 0);
  const newRows = raw.cat([rows.new_zeros([1]), filled], 0);
  const newColumns = columns.new_zeros([Number(newRows.get(-1).item())]);
  const reduced = raw.segment_reduce(values, reduction, { offsets: rows });
  return sparse_csr_tensor(newRows, newColumns, reduced, [input.size(0), 1], options);
}

function reduceWhole(
  reduction: SparseReduction,
  values: Tensor,
  columns: Tensor,
  dtype: Dtype,
  options: { dtype: Dtype; device: Tensor['device'] },
): Tensor {
  const stored = Math.min(1, values.numel());
  const reduced = stored === 1 ? overFirst[reduction](values, true, { dtype }) : raw.empty([0], { dtype });
  return sparse_csr_tensor(tensor([0n, BigInt(stored)]), columns.new_zeros([stored]), reduced, [1, stored], options);
}

/** Refuses a sparse input without the mask that says what to reduce. */
export function demandMask(operation: string, layout: 'sparse_coo' | 'sparse_csr', mask: Tensor | null): void {
  if (mask === null) {
    throw new ValueError(`masked ${operation} expects explicit mask for ${layout} tensor input`);
  }
}
