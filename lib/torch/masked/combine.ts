/** An input and its mask in one tensor, ready for an ordinary operation (`torch/masked/_ops.py`). */
import { AssertionError, TorchError, ValueError } from '../native';
import * as raw from '../generated/functions';
import type { OneOrMany } from '../call';
import { bool, isInt, sameShape, type Scalar, sparse_coo, sparse_csr, strided } from '../core';
import type { Tensor } from '../memory';
import { type MaskedOperation, reductionIdentity } from './identity';
import { whereSparseCoo } from './sparse_where';

/** Dimensions to reduce: null and [] are all of them. */
export type Dims = OneOrMany<number> | null;

/** The dimensions counted from the front, in ascending order. */
export function canonicalDims(dim: Dims, ndim: number): number[] {
  if (dim === null || (Array.isArray(dim) && dim.length === 0)) return Array.from({ length: ndim }, (_, i) => i);
  const count = Math.max(ndim, 1);
  const dims: number[] = [];
  for (const given of isInt(dim) ? [dim] : dim) {
    if (dims.includes(given)) throw new TorchError(`dim=${given} appears multiple times in the list of dims`);
    if (given >= count || given < -count) {
      throw new RangeError(
        `Dimension out of range (expected to be in range of [${-count}, ${count - 1}], but got ${given})`,
      );
    }
    dims.push(given < 0 ? given + count : given);
  }
  return dims.sort((a, b) => a - b);
}

function broadcastMask(mask: Tensor, input: Tensor): Tensor {
  if (mask.ndim > input.ndim) {
    throw new RangeError('_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)');
  }
  if (mask.layout === strided) return raw.broadcast_to(mask.clone(), input.shape).to(bool);
  if (mask.layout === sparse_coo) return raw._sparse_broadcast_to(mask, input.shape);
  if (mask.layout === sparse_csr) return raw._sparse_broadcast_to(mask.to_sparse(), input.shape).to_sparse_csr();
  throw new AssertionError(`expected sparse_csr layout, got ${mask.layout}`);
}

function inLayoutOf(mask: Tensor, input: Tensor): Tensor {
  if (input.layout === strided) return mask.to_dense();
  if (input.layout === sparse_csr) return mask.to_sparse_csr();
  return mask.layout === strided ? mask.to_sparse(input.sparse_dim()) : mask.to_sparse();
}

/** The mask in the input's shape and layout, as booleans. */
export function inputMask(input: Tensor, given: Tensor): Tensor {
  if (input.layout !== strided && input.layout !== sparse_coo && input.layout !== sparse_csr) {
    throw new ValueError(`_input_mask expects strided or sparse COO or sparse CSR tensor but got ${input.layout}`);
  }
  let mask = sameShape(given.shape, input.shape) ? given : broadcastMask(given, input);
  if (mask.layout !== input.layout) mask = inLayoutOf(mask, input);
  if (mask.layout === sparse_coo) mask = mask.coalesce();
  return mask.to(bool);
}

function where(mask: Tensor, input: Tensor, fill: Tensor | null): Tensor {
  if (mask.layout === strided) return raw.where(mask, input, fill as Tensor);
  if (mask.layout === sparse_coo) return whereSparseCoo(mask, input, fill as Tensor);
  return whereSparseCoo(mask.to_sparse(), input.to_sparse(), fill as Tensor).to_sparse_csr();
}

/** The input with the operation's identity where the mask is false; the input itself without a mask. */
export function combineInputAndMask(
  operation: MaskedOperation,
  input: Tensor,
  mask: Tensor | null,
  ord?: Scalar | null,
): Tensor {
  if (mask === null) return input;
  const canonical = inputMask(input, mask);
  return where(canonical, input, reductionIdentity(operation, input, ord));
}
