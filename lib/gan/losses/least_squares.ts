/** Least squares (Mao et al. 2017, https://arxiv.org/abs/1611.04076), without the paper's ½, as pix2pix and BicycleGAN have it. */
import { ones_like, type Tensor, zeros_like } from 'isotorch';
import { mse_loss } from 'isotorch/nn/functional';
import { type LossOptions, reduceBoth } from './reduction';

/** Discriminator: (real − 1)² + fake², each half reduced by itself. */
export function lsgan_discriminator_loss(real: Tensor, fake: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  const onReal = mse_loss(real, ones_like(real), { reduction });
  return reduceBoth(onReal, mse_loss(fake, zeros_like(fake), { reduction }), 'none');
}

/** Generator: (fake − 1)². `real` is not used. */
export function lsgan_generator_loss(
  _real: Tensor | null,
  fake: Tensor,
  { reduction = 'mean' }: LossOptions = {},
): Tensor {
  return mse_loss(fake, ones_like(fake), { reduction });
}
