/** Relativistic losses (Jolicoeur-Martineau 2018, https://arxiv.org/abs/1807.00734): real and fake are judged against each other. */
import type { Tensor } from 'isotorch';
import { softplus } from 'isotorch/nn/functional';
import { type LossOptions, reduce, reduceBoth, requirePairs } from './reduction';

/**
 * Logits against the mean of the other half, [real − mean(fake), fake − mean(real)], for any loss of this room
 * (lucidrains' `rel_disc_loss`).
 */
export function relativistic_average(real: Tensor, fake: Tensor): [real: Tensor, fake: Tensor] {
  return [real.sub(fake.mean()), fake.sub(real.mean())];
}

/** Discriminator, pair by pair: softplus(−(real − fake)). */
export function relativistic_discriminator_loss(real: Tensor, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  requirePairs('relativistic_discriminator_loss', real, fake);
  return reduce(softplus(real.sub(fake).neg()), reduction);
}

/** Generator, pair by pair: softplus(−(fake − real)). Gradients reach both halves. */
export function relativistic_generator_loss(real: Tensor, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  requirePairs('relativistic_generator_loss', real, fake);
  return reduce(softplus(fake.sub(real).neg()), reduction);
}

/** Discriminator against means: softplus(−(real − mean(fake))) + softplus(fake − mean(real)). */
export function relativistic_average_discriminator_loss(
  real: Tensor,
  fake: Tensor,
  { reduction }: LossOptions = {},
): Tensor {
  const [ofReal, ofFake] = relativistic_average(real, fake);
  return reduceBoth(softplus(ofReal.neg()), softplus(ofFake), reduction);
}

/** Generator against means: softplus(real − mean(fake)) + softplus(−(fake − mean(real))). */
export function relativistic_average_generator_loss(
  real: Tensor,
  fake: Tensor,
  { reduction }: LossOptions = {},
): Tensor {
  const [ofReal, ofFake] = relativistic_average(real, fake);
  return reduceBoth(softplus(ofReal), softplus(ofFake.neg()), reduction);
}
