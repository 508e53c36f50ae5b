/** Consistency of scores, and of images, under small changes. */
import type { Tensor } from 'isotorch';
import { type Reduction, reduce } from '../losses/reduction';
import type { Critic } from './input_gradients';

/** A change that leaves the meaning of images, or of latents, as it is. */
export type Transform = (input: Tensor) => Tensor;

/** Options with one weight. */
export interface ConsistencyOptions {
  weight?: number;
  reduction?: Reduction;
}

/** CR (Zhang et al. 2020, https://arxiv.org/abs/1910.12027): weight · (D(images) − D(transform(images)))². */
export function consistency_penalty(
  discriminator: Critic,
  images: Tensor,
  transform: Transform,
  { weight = 10, reduction }: ConsistencyOptions = {},
): Tensor {
  const logits = discriminator(images);
  return reduce(
    logits
      .sub(discriminator(transform(images)))
      .square()
      .mul(weight),
    reduction,
  );
}

/** Options of `balanced_consistency_penalty`. */
export interface BalancedConsistencyOptions {
  weight_real?: number;
  weight_fake?: number;
  reduction?: Reduction;
}

/** bCR (Zhao et al. 2021, https://arxiv.org/abs/2002.04724): consistency of real images and of fake ones, with a weight each. */
export function balanced_consistency_penalty(
  discriminator: Critic,
  real: Tensor,
  fake: Tensor,
  transform: Transform,
  { weight_real = 10, weight_fake = 10, reduction }: BalancedConsistencyOptions = {},
): Tensor {
  const onReal = consistency_penalty(discriminator, real, transform, { weight: weight_real, reduction });
  return onReal.add(consistency_penalty(discriminator, fake, transform, { weight: weight_fake, reduction }));
}

/**
 * zCR for the discriminator (Zhao et al. 2021, https://arxiv.org/abs/2002.04724): weight · (D(G(z)) − D(G(z′)))², where G(z′) is of
 * the disturbed latents z′ = z + σ·noise.
 */
export function latent_consistency_penalty(
  discriminator: Critic,
  fake: Tensor,
  disturbed: Tensor,
  { weight = 5, reduction }: ConsistencyOptions = {},
): Tensor {
  const logits = discriminator(fake);
  return reduce(logits.sub(discriminator(disturbed)).square().mul(weight), reduction);
}

/** zCR for the generator: −weight · (G(z) − G(z′))², which keeps the images of near latents apart. */
export function latent_diversity(
  fake: Tensor,
  disturbed: Tensor,
  { weight = 0.5, reduction }: ConsistencyOptions = {},
): Tensor {
  return reduce(fake.sub(disturbed).square().mul(-weight), reduction);
}
