/** State of optimizers, by parameter. */
import { zeros } from '../generated/functions';
import { get_default_dtype } from '../call';
import { type Device, float32, float64 } from '../core';
import { keepAll, type Tensor } from '../memory';

/** State of one parameter, by Python's names: `exp_avg`, `momentum_buffer`, …. */
export type ParamState = Record<string, Tensor>;

/** A new `step`: 0, on the CPU but for fused kernels, which want it on the parameter's device as float32. */
export function newStep(fusedOn: Device | null = null): Tensor {
  const wide = fusedOn === null && get_default_dtype() === float64;
  return zeros([], { dtype: wide ? float64 : float32, device: fusedOn ?? 'cpu' });
}

/** The optimizer's state by parameter, as Python's dict: plain objects, which may be edited. */
export class OptimizerState extends Map<Tensor, ParamState> {
  /** Remembers a state. Its tensors outlive scopes. */
  override set(param: Tensor, state: ParamState): this {
    keepAll(state);
    return super.set(param, state);
  }
}
