/** The hinge losses (Lim and Ye 2017, https://arxiv.org/abs/1705.02894), and the same with all signs turned round. */
import type { Tensor } from 'isotorch';
import { relu } from 'isotorch/nn/functional';
import { type LossOptions, reduce, reduceBoth } from './reduction';

/** Discriminator: relu(1 − real) + relu(1 + fake). It raises the logits of what is real. */
export function hinge_discriminator_loss(real: Tensor, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  return reduceBoth(relu(real.neg().add(1)), relu(fake.add(1)), reduction);
}

/** Generator against the hinge discriminator: −fake. `real` is not used. */
export function hinge_generator_loss(_real: Tensor | null, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  return reduce(fake.neg(), reduction);
}

/**
 * Discriminator with the signs of lucidrains' stylegan2-pytorch (`hinge_loss`): relu(1 + real) + relu(1 − fake). It lowers the
 * logits of what is real, so it belongs with `flipped_hinge_generator_loss`, and its logits with no other loss.
 */
export function flipped_hinge_discriminator_loss(real: Tensor, fake: Tensor, { reduction }: LossOptions = {}): Tensor {
  return reduceBoth(relu(real.add(1)), relu(fake.neg().add(1)), reduction);
}

/** Generator against the flipped hinge discriminator (lucidrains' `gen_hinge_loss`): fake. `real` is not used. */
export function flipped_hinge_generator_loss(
  _real: Tensor | null,
  fake: Tensor,
  { reduction }: LossOptions = {},
): Tensor {
  return reduce(fake, reduction);
}
