/** The logistic losses of logits (Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661), by softplus. */
import type { Tensor } from 'isotorch';
import { softplus } from 'isotorch/nn/functional';
import { type LossOptions, reduce, reduceBoth } from './reduction';

/** Discriminator: softplus(fake) + softplus(−real), which is −log(1 − σ(fake)) − log σ(real). */
export function logistic_discriminator_loss(real: Tensor, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  return reduceBoth(softplus(fake), softplus(real.neg()), reduction);
}

/** Generator, non-saturating: softplus(−fake), which is −log σ(fake). `real` is not used. */
export function logistic_generator_loss(_real: Tensor | null, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  return reduce(softplus(fake.neg()), reduction);
}

/** Generator, saturating: −softplus(fake), which is log(1 − σ(fake)). `real` is not used. */
export function saturating_logistic_generator_loss(
  _real: Tensor | null,
  fake: Tensor,
  { reduction }: LossOptions = {},
): Tensor {
  return reduce(softplus(fake).neg(), reduction);
}
