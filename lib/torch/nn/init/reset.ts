/** The default initialisation that Linear and the convolutions share. */
import { uniform_ } from './basic';
import { calculateFans, kaiming_uniform_ } from './fans';
import type { Tensor } from '../../memory';

/** bias ~ U(±1/√fan_in) of the weight. */
export function resetBias(bias: Tensor | null, weight: Tensor): void {
  if (bias === null) return;
  const { fan_in } = calculateFans(weight);
  const bound = fan_in > 0 ? 1 / Math.sqrt(fan_in) : 0;
  uniform_(bias, -bound, bound);
}

/**
 * weight ~ U(±√(1/fan_in)) by way of `kaiming_uniform_(a=√5)`, as Python computes it; bias ~ U(±1/√fan_in).
 * The weight draws from the generator first.
 */
export function resetWeightAndBias(weight: Tensor, bias: Tensor | null): void {
  kaiming_uniform_(weight, { a: Math.sqrt(5) });
  resetBias(bias, weight);
}
