/** GAN losses: pure functions of discriminator logits, always `(real, fake)` in that order. */
import { binary_cross_entropy_with_logits } from 'isotorch/nn/functional';
import { cat, ones_like, type Tensor, zeros_like } from 'isotorch';

/**
 * Discriminator's binary cross-entropy, mean over both halves together:
 * (Σ softplus(−real) + Σ softplus(fake)) / (N + M), as document 4 computes it
 * (Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661).
 */
export function bce_discriminator_loss(real: Tensor, fake: Tensor): Tensor {
  const targets = cat([ones_like(real), zeros_like(fake)], 0);
  return binary_cross_entropy_with_logits(cat([real, fake], 0), targets);
}

/**
 * Generator's non-saturating cross-entropy: mean softplus(−fake). `real` is not used; it is there so that
 * every loss is called alike.
 */
export function bce_generator_loss(_real: Tensor | null, fake: Tensor): Tensor {
  return binary_cross_entropy_with_logits(fake, ones_like(fake));
}
