/** State of optimizers, by parameter. */
import { zeros } from '../generated/functions';
import { get_default_dtype } from '../call';
import { float32, float64 } from '../core';
import { keepAll, type Tensor } from '../memory';

/** State of one parameter, by Python's names: `exp_avg`, `momentum_buffer`, …. */
export type ParamState = Record<string, Tensor>;

/**
 * A new `step`: 0, on the CPU, but with `fused` and `capturable` on the parameter's device, where kernels count it; as
 * float32 for fused ones.
 */
export function newStep(
  { device }: Tensor,
  { fused, capturable }: { fused?: boolean | null; capturable?: boolean } = {},
): Tensor {
  const dtype = !fused && get_default_dtype() === float64 ? float64 : float32;
  return zeros([], { dtype, device: fused || capturable ? device : 'cpu' });
}

/** The optimizer's state by parameter, as Python's dict: plain objects, which may be edited. */
export class OptimizerState extends Map<Tensor, ParamState> {
  /** Remembers a state. Its tensors outlive scopes. */
  override set(param: Tensor, state: ParamState): this {
    keepAll(state);
    return super.set(param, state);
  }
}
