/** Penalties that hold the norm of the gradient near a number. */
import { rand, rand_like, type Tensor } from 'isotorch';
import { reduce } from '../losses/reduction';
import { type Critic, input_gradient, norm_errors, type PenaltyOptions } from './input_gradients';

/** One random number in [0, 1) a sample, to be broadcast over its image. */
const per_sample = (images: Tensor): Tensor =>
  rand([images.size(0), ...images.shape.slice(1).map(() => 1)], { dtype: images.dtype, device: images.device });

/** Options of `wgan_gp_penalty`. */
export interface WganGpOptions extends PenaltyOptions {
  /** λ. */
  weight?: number;
  /** T, the norm that is aimed at. */
  target?: number;
}

/**
 * WGAN-GP (Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028), two-sided: λ/T² · (‖∇D(x̂)‖₂ − T)² at
 * x̂ = real + (fake − real) · u, u uniform in [0, 1) for each sample.
 */
export function wgan_gp_penalty(
  discriminator: Critic,
  real: Tensor,
  fake: Tensor,
  { weight = 10, target = 1, reduction }: WganGpOptions = {},
): Tensor {
  const from = real.detach();
  const between = from.add(fake.detach().sub(from).mul(per_sample(from)));
  return reduce(norm_errors(input_gradient(discriminator, between), target).mul(weight / (target * target)), reduction);
}

/** Options of `centred_gradient_penalty`. */
export interface CentredOptions extends PenaltyOptions {
  weight?: number;
  /** The norm that is aimed at: 0, or 1 as lucidrains' stylegan2-pytorch had it up to 1.8.11. */
  center?: 0 | 1;
}

/**
 * weight · (‖∇D(images)‖₂ − center)², as lucidrains' stylegan2-pytorch has it: the norm, not its square, without ½
 * (zero-centred: Thanh-Tung et al. 2019, https://arxiv.org/abs/1902.03984).
 * @param critic the discriminator, or its logits on `images`
 */
export function centred_gradient_penalty(
  critic: Critic | Tensor,
  images: Tensor,
  { weight = 10, center = 0, reduction }: CentredOptions = {},
): Tensor {
  return reduce(norm_errors(input_gradient(critic, images), center), reduction).mul(weight);
}

/** Options of `dragan_penalty`. */
export interface DraganOptions extends PenaltyOptions {
  weight?: number;
  /** k, the norm that is aimed at. */
  target?: number;
  /** Size of the disturbance, in standard deviations of the batch. */
  spread?: number;
}

/**
 * DRAGAN (Kodali et al. 2017, https://arxiv.org/abs/1705.07215): weight · (‖∇D(x̂)‖₂ − k)² between real images and disturbed ones,
 * x̂ = real + u · spread · std · v, with v uniform in [0, 1) for each pixel, u for each sample, and std over the whole batch.
 */
export function dragan_penalty(
  discriminator: Critic,
  real: Tensor,
  { weight = 10, target = 1, spread = 0.5, reduction }: DraganOptions = {},
): Tensor {
  const from = real.detach();
  const disturbance = from.std({ correction: 0 }).mul(spread).mul(rand_like(from));
  const between = from.add(per_sample(from).mul(disturbance));
  return reduce(norm_errors(input_gradient(discriminator, between), target), reduction).mul(weight);
}
