/** `where` for sparse tensors: what a mask leaves of them (`torch/masked/_ops.py`). */
import { AssertionError } from '../native';
import * as raw from '../generated/functions';
import { sameShape, sizeText, sparse_coo } from '../core';
import type { Tensor } from '../memory';
import { sparse_coo_tensor } from '../sparse/inside';
import { unique } from '../functional';

/** One number for each column of coordinates. */
function flatten(indices: Tensor, shape: readonly number[]): Tensor {
  const flat = indices.new_zeros([indices.size(1)]);
  shape.forEach((length, dim) => {
    flat.mul_(length).add_(indices.get(dim));
  });
  return flat;
}

function checkAlike(mask: Tensor, input: Tensor): void {
  if (input.layout !== sparse_coo) throw new AssertionError(`input.layout must be sparse_coo, got ${input.layout}`);
  if (mask.layout !== input.layout) throw new AssertionError(`mask.layout must match input.layout, got ${mask.layout}`);
  if (!sameShape(mask.shape, input.shape)) {
    throw new AssertionError(`mask.shape must match input.shape: ${sizeText(mask.shape)} vs ${sizeText(input.shape)}`);
  }
  if (mask.dense_dim() !== input.dense_dim()) {
    throw new AssertionError(
      `mask.dense_dim() must match input.dense_dim(): ${mask.dense_dim()} vs ${input.dense_dim()}`,
    );
  }
}

/** Elements of `a` and `b` together, and where those are that occur in both. */
function intersection(a: Tensor, b: Tensor): [union: Tensor, where: Tensor] {
  const [union, counts] = unique(raw.cat([a, b]), { return_counts: true });
  return [union, nonzeroVector(counts.gt(1))];
}

const nonzeroVector = (condition: Tensor): Tensor => raw.nonzero(condition).squeeze(1);

const common = (a: Tensor, b: Tensor): Tensor => {
  const [union, where] = intersection(a, b);
  return union.get(where);
};

/** Elements of `a` that are not in `b`. */
function minus(a: Tensor, b: Tensor): Tensor {
  const [union, counts] = unique(raw.cat([a, b]), { return_counts: true });
  return common(union.get(nonzeroVector(counts.eq(1))), a);
}

/**
 * The elements of a sparse tensor where `mask` is true, and zeros that the mask says are there but the tensor does
 * not store. `fill` counts inside dense dimensions only.
 */
export function whereSparseCoo(mask: Tensor, given: Tensor, fill: Tensor): Tensor {
  checkAlike(mask, given);
  const input = given.coalesce();
  const inputFlat = flatten(input.indices(), input.shape.slice(0, input.sparse_dim()));
  const maskFlat = flatten(mask.indices(), mask.shape.slice(0, mask.sparse_dim()));
  const dense = mask.dense_dim() > 0;
  const chosen = dense
    ? Array.from({ length: input.sparse_dim() }, (_, i) => i + 1).reduceRight(
        (values, dim) => values.any(dim, false),
        mask.values(),
      )
    : mask.values();
  const maskedIn = maskFlat.get(nonzeroVector(chosen));
  const stored = common(maskedIn, inputFlat);
  const [, inInput] = intersection(inputFlat, stored);
  const indices = input.indices().get(':', inInput);
  let values = input.values().get(inInput);
  if (dense) {
    const [, inMask] = intersection(maskFlat, stored);
    values = raw.where(mask.values().get(inMask), values, fill);
  }
  const [, zeros] = intersection(maskFlat, minus(maskedIn, stored));
  const zeroIndices = mask.indices().get(':', zeros);
  const count = zeroIndices.size(1);
  if (count === 0) return sparse_coo_tensor(indices, values, input.shape)._coalesced_(true);
  const allValues = raw.cat([values, values.new_zeros([count, ...values.shape.slice(1)])]);
  return sparse_coo_tensor(raw.cat([indices, zeroIndices], 1), allValues, input.shape).coalesce();
}
