/** The Wasserstein losses (Arjovsky et al. 2017, https://arxiv.org/abs/1701.07875), of a critic's scores. */
import type { Tensor } from 'isotorch';
import { type LossOptions, reduce, reduceBoth, sameShape } from './reduction';

/** Options of the critic's loss. */
export interface WganOptions extends LossOptions {
  /** ε of ε·real², which keeps the scores near zero (Karras et al. 2018, https://arxiv.org/abs/1710.10196); 0.001 there, 0 here. */
  drift?: number;
}

/** Critic: fake − real + ε·real². */
export function wgan_discriminator_loss(
  real: Tensor,
  fake: Tensor,
  { drift = 0, reduction }: WganOptions = {},
): Tensor {
  if (drift === 0) return reduceBoth(real.neg(), fake, reduction);
  if (sameShape(real, fake)) return reduce(fake.sub(real).add(real.square().mul(drift)), reduction);
  return reduceBoth(real.square().mul(drift).sub(real), fake, reduction);
}

/** Generator: −fake. `real` is not used; it is there so that every loss is called alike. */
export function wgan_generator_loss(_real: Tensor | null, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  return reduce(fake.neg(), reduction);
}
