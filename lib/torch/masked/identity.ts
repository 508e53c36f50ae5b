/** Value that stands for a masked element in each operation (`torch/masked/_ops.py`). */
import { AssertionError, NotImplementedError } from '../native';
import * as raw from '../generated/functions';
import { float32, type Scalar, uint8 } from '../core';
import { iinfo, tensor } from '../tensor';
import type { Tensor } from '../memory';

/** The operations that have an identity, or none on purpose. */
export type MaskedOperation =
  | 'sum'
  | 'prod'
  | 'amax'
  | 'amin'
  | 'argmax'
  | 'argmin'
  | 'mean'
  | 'median'
  | 'logsumexp'
  | 'logaddexp'
  | 'norm';

function extreme(input: Tensor, operation: string, sign: 1 | -1): Scalar {
  const { dtype } = input;
  if (dtype.is_floating_point) return sign * Number.POSITIVE_INFINITY;
  if (operation === 'logsumexp' && dtype.is_complex) return { re: sign * Number.POSITIVE_INFINITY, im: 0 };
  if (raw.is_signed(input) || dtype === uint8) return iinfo(dtype)[sign > 0 ? 'max' : 'min'];
  throw new NotImplementedError(`identity of ${operation} on ${dtype} input`);
}

function identity(operation: MaskedOperation, input: Tensor, ord: Scalar | null): Scalar | null {
  switch (operation) {
    case 'sum':
      return 0;
    case 'prod':
      return 1;
    case 'amax':
    case 'argmax':
    case 'logaddexp':
    case 'logsumexp':
      return extreme(input, operation, -1);
    case 'amin':
    case 'argmin':
      return extreme(input, operation, 1);
    case 'median':
      return Number.NaN;
    case 'norm':
      if (Number(ord) !== Number.NEGATIVE_INFINITY) return 0;
      if (!input.dtype.is_floating_point) throw new AssertionError(`input must be floating point, got ${input.dtype}`);
      return Number.POSITIVE_INFINITY;
    case 'mean':
      return null;
  }
}

/** The identity as a tensor like `input`; null for `mean`, which has none. `ord` is that of `norm`. */
export function reductionIdentity(operation: MaskedOperation, input: Tensor, ord: Scalar | null = 2): Tensor | null {
  const value = identity(operation, input, ord);
  if (value === null) return null;
  const dtype = operation === 'median' && !input.dtype.is_floating_point ? float32 : input.dtype;
  return tensor(value, { dtype, device: input.device });
}
