/** Zero-centred penalties on one side (Mescheder et al. 2018, https://arxiv.org/abs/1801.04406). */
import type { Tensor } from 'isotorch';
import { reduce } from '../losses/reduction';
import { type Critic, input_gradient, type PenaltyOptions, squared_gradient_norms } from './input_gradients';

/** Options of R1 and R2. */
export interface R1Options extends PenaltyOptions {
  /** γ; 10 as in StyleGAN. */
  gamma?: number;
}

function half_gamma(critic: Critic | Tensor, images: Tensor, { gamma = 10, reduction }: R1Options): Tensor {
  return reduce(squared_gradient_norms(input_gradient(critic, images)).mul(gamma / 2), reduction);
}

/**
 * R1: γ/2 · ‖∇D(real)‖², a mean over the batch of sums over each image.
 * @param critic the discriminator, or its logits on `real`
 * @param real real images
 */
export function r1_penalty(critic: Critic | Tensor, real: Tensor, options: R1Options = {}): Tensor {
  return half_gamma(critic, real, options);
}

/** R2: γ/2 · ‖∇D(fake)‖², the same on generated images. */
export function r2_penalty(critic: Critic | Tensor, fake: Tensor, options: R1Options = {}): Tensor {
  return half_gamma(critic, fake, options);
}
