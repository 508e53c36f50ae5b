/** Variance and standard deviation of what a mask leaves (`torch/masked/_ops.py`). */
import { AssertionError } from '../native';
import * as raw from '../generated/functions';
import { complex128, complex32, type Dtype, float16, float32, float64, strided } from '../core';
import { pythonFunction } from '../call';
import type { Tensor } from '../memory';
import type { Dims } from './combine';
import { countAndTotal, refuseLayout, sum } from './reductions';

const isFloatOrComplex = (dtype: Dtype): boolean => dtype.is_floating_point || dtype.is_complex;

function realOf(dtype: Dtype): Dtype {
  if (!dtype.is_complex) return dtype;
  if (dtype === complex128) return float64;
  return dtype === complex32 ? float16 : float32;
}

/** Number that is taken from the number of elements. */
function chosenCorrection(unbiased: boolean | null, correction: number | null): number {
  if (unbiased !== null && correction !== null) {
    throw new AssertionError('Only one of unbiased and correction may be given');
  }
  return correction === null ? Number(unbiased ?? true) : Number(correction);
}

function variance(
  input: Tensor,
  dim: Dims,
  correction: number,
  keepdim: boolean | null,
  given: Dtype | null,
  mask: Tensor | null,
): Tensor {
  const dtype = given ?? (isFloatOrComplex(input.dtype) ? input.dtype : float32);
  const computed = isFloatOrComplex(dtype) ? dtype : float32;
  if (input.layout !== strided) return refuseLayout('std/var', input);
  const [counts, sampleTotal, inside] = countAndTotal(input, dim, true, dtype, mask);
  const x = raw.subtract(input, raw.divide(sampleTotal, counts));
  const total = sum(x.mul(x.conj()), dim, { keepdim, dtype: computed, mask: inside });
  let count = keepdim ? counts : counts.reshape(total.shape);
  if (correction !== 0) {
    count = raw.subtract(count.to(realOf(computed)), correction);
    count = raw.maximum(count, count.new_zeros([]));
  }
  return raw.divide(total, count).to(dtype);
}

function withCorrection(name: string, finish: (variance: Tensor) => Tensor) {
  return pythonFunction(
    name,
    ['input', 'dim', 'unbiased', '*', 'correction', 'keepdim', 'dtype', 'mask'],
    (
      input: Tensor,
      dim: Dims = null,
      unbiased: boolean | null = null,
      correction: number | null = null,
      keepdim: boolean | null = false,
      dtype: Dtype | null = null,
      mask: Tensor | null = null,
    ): Tensor => finish(variance(input, dim, chosenCorrection(unbiased, correction), keepdim, dtype, mask)),
  );
}

/** The variance of the elements that `mask` leaves, over `dim`. */
export const var_ = withCorrection('var', (result) => result);

/** The standard deviation of the elements that `mask` leaves, over `dim`. */
export const std = withCorrection('std', (result) => result.sqrt());
