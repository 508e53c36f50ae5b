/** Operations along one dimension that keep the shape (`torch/masked/_ops.py`). */
import { ValueError } from '../native';
import * as raw from '../generated/functions';
import { type Dtype, type Scalar, strided } from '../core';
import { pythonFunction } from '../call';
import type { Tensor } from '../memory';
import { canonicalDims, combineInputAndMask } from './combine';
import type { MaskedOperation } from './identity';
import { norm, refuseLayout } from './reductions';

function along(name: string, operation: MaskedOperation, run: (masked: Tensor, dim: number, dtype: Dtype) => Tensor) {
  return pythonFunction(
    name,
    ['input', 'dim', '*', 'dtype', 'mask'],
    (input: Tensor, dim: number, dtype: Dtype | null = null, mask: Tensor | null = null): Tensor => {
      const [d] = canonicalDims(dim, input.ndim) as [number];
      const masked = combineInputAndMask(operation, input, mask);
      if (masked.layout !== strided) return refuseLayout(name, masked);
      return run(masked, d, dtype ?? input.dtype);
    },
  );
}

/** Running sums along `dim`; what is masked out counts as 0. */
export const cumsum = along('cumsum', 'sum', (masked, dim, dtype) => raw.cumsum(masked, dim, { dtype }).to(dtype));

/** Running products along `dim`; what is masked out counts as 1. */
export const cumprod = along('cumprod', 'prod', (masked, dim, dtype) => raw.cumprod(masked, dim, { dtype }).to(dtype));

/** Softmax along `dim`; what is masked out gets 0. */
export const softmax = along('softmax', 'amax', (masked, dim, dtype) => masked.softmax(dim, dtype));

/** Log-softmax along `dim`; what is masked out gets −inf. */
export const log_softmax = along('log_softmax', 'amax', (masked, dim, dtype) => masked.log_softmax(dim, dtype));

/** Softmin along `dim`; what is masked out gets 0. */
export const softmin = along('softmin', 'amin', (masked, dim, dtype) => masked.neg().softmax(dim, dtype));

/** Vectors along `dim` divided by their norm of order `ord`, or by `eps` where that is larger. */
export const normalize = pythonFunction(
  'normalize',
  ['input', 'ord', 'dim', '*', 'eps', 'dtype', 'mask'],
  (
    input: Tensor,
    ord: Scalar,
    dim: number,
    eps: number = 1e-12,
    dtype: Dtype | null = null,
    mask: Tensor | null = null,
  ): Tensor => {
    const masked = combineInputAndMask('sum', input, mask);
    if (masked.layout !== strided) return refuseLayout('normalize', masked);
    const norms = norm(input, ord, dim, { keepdim: true, dtype: dtype ?? input.dtype, mask });
    return raw.divide(masked, raw.maximum(norms, norms.new_full([], eps)));
  },
);

/** log(eᵃ + eᵇ) elementwise; what is masked out counts as −inf. */
export const logaddexp = pythonFunction(
  'logaddexp',
  ['input', 'other', '*', 'dtype', 'input_mask', 'other_mask'],
  (
    input: Tensor,
    other: Tensor,
    dtype: Dtype | null = null,
    input_mask: Tensor | null = null,
    other_mask: Tensor | null = null,
  ): Tensor => {
    if (input.layout !== strided || other.layout !== strided) {
      throw new ValueError(
        `masked logaddexp expects strided tensors (got ${input.layout} tensor for input, ${other.layout} for other)`,
      );
    }
    const a = combineInputAndMask('logaddexp', input, input_mask);
    const b = combineInputAndMask('logaddexp', other, other_mask);
    return raw.logaddexp(a, b).to(dtype ?? input.dtype);
  },
);
