/** Binary cross-entropy against ones and zeros, by PyTorch's criterion (Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661). */
import { cat, ones_like, type Tensor, zeros_like } from 'isotorch';
import { binary_cross_entropy_with_logits } from 'isotorch/nn/functional';
import { type LossOptions, reduceBoth } from './reduction';

/**
 * Discriminator, one mean over both halves together: (Σ softplus(−real) + Σ softplus(fake)) / (N + M), as document 4 computes
 * it. `none` gives the N + M elements, those of real first.
 */
export function bce_discriminator_loss(real: Tensor, fake: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  const targets = cat([ones_like(real), zeros_like(fake)], 0);
  return binary_cross_entropy_with_logits(cat([real, fake], 0), targets, { reduction });
}

/** Generator, non-saturating: softplus(−fake). `real` is not used; it is there so that every loss is called alike. */
export function bce_generator_loss(
  _real: Tensor | null,
  fake: Tensor,
  { reduction = 'mean' }: LossOptions = {},
): Tensor {
  return binary_cross_entropy_with_logits(fake, ones_like(fake), { reduction });
}

/**
 * Discriminator, each half reduced by itself and added: BCE(real, 1) + BCE(fake, 0), as pix2pix, zi2zi and BicycleGAN have it.
 * It is twice `bce_discriminator_loss` where the halves are equally large.
 */
export function vanilla_discriminator_loss(
  real: Tensor,
  fake: Tensor,
  { reduction = 'mean' }: LossOptions = {},
): Tensor {
  const onReal = binary_cross_entropy_with_logits(real, ones_like(real), { reduction });
  const onFake = binary_cross_entropy_with_logits(fake, zeros_like(fake), { reduction });
  return reduceBoth(onReal, onFake, 'none');
}
