/** State of optimizers, by parameter. */
import { full, zeros } from '../generated/functions';
import { get_default_dtype } from '../call';
import { type Device, type Dtype, float32, float64 } from '../core';
import { keepAll, type Tensor } from '../memory';

/** State of one parameter, by Python's names: `exp_avg`, `momentum_buffer`, …. LBFGS and SparseAdam have numbers and lists, too. */
export type ParamState = Record<string, Tensor>;

/**
 * A new `step`: 0, on the CPU, but with `fused` and `capturable` on the parameter's device, where kernels count it; as
 * float32 for fused ones.
 */
export function newStep(
  { device }: { device: Device },
  { fused, capturable }: { fused?: boolean | null; capturable?: boolean } = {},
): Tensor {
  return zeros([], { dtype: counterDtype(fused), device: fused || capturable ? device : 'cpu' });
}

/** A tensor that counts, beside the steps: a number in their dtype, on the CPU or on the parameter's device. */
export function counter(
  value: number,
  { device }: { device: Device },
  onDevice: boolean | null | undefined,
  fused?: boolean | null,
): Tensor {
  return full([], value, { dtype: counterDtype(fused), device: onDevice ? device : 'cpu' });
}

const counterDtype = (fused: boolean | null | undefined): Dtype =>
  !fused && get_default_dtype() === float64 ? float64 : float32;

/** The optimizer's state by parameter, as Python's dict: plain objects, which may be edited. */
export class OptimizerState extends Map<Tensor, ParamState> {
  /** Remembers a state. Its tensors outlive scopes. */
  override set(param: Tensor, state: ParamState): this {
    keepAll(state);
    return super.set(param, state);
  }
}
