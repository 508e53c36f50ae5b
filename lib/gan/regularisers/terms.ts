/** Terms that generators and encoders are trained with besides their adversarial loss. */
import { norm, type Tensor } from 'isotorch';
import { l1_loss, mse_loss } from 'isotorch/nn/functional';
import { type Reduction, reduce } from '../losses/reduction';

/** Options of terms with a weight. */
export interface TermOptions {
  weight?: number;
  reduction?: Reduction;
}

/** weight · |fake − real|, pixel by pixel (pix2pix: Isola et al. 2017, https://arxiv.org/abs/1611.07004, weight 100). */
export function l1_reconstruction(
  real: Tensor,
  fake: Tensor,
  { weight = 1, reduction = 'mean' }: TermOptions = {},
): Tensor {
  return l1_loss(fake, real, { reduction }).mul(weight);
}

/** Options of `feature_matching`. */
export interface FeatureMatchingOptions extends TermOptions {
  /**
   * `samples`: Σ over layers of mean |fake − real| (pix2pixHD: Wang et al. 2018, https://arxiv.org/abs/1711.11585). `means`:
   * Σ over layers of ‖mean over the batch of real − that of fake‖² (Salimans et al. 2016, https://arxiv.org/abs/1606.03498).
   */
  of?: 'samples' | 'means';
}

/** Distance of a discriminator's features, a tensor a layer, on real and on generated images; real ones get no gradient. */
export function feature_matching(
  real: readonly Tensor[],
  fake: readonly Tensor[],
  { of = 'samples', weight = 1, reduction = 'mean' }: FeatureMatchingOptions = {},
): Tensor {
  if (real.length !== fake.length || real.length === 0) {
    throw new TypeError(`feature_matching takes the same layers of both halves, not ${real.length} and ${fake.length}`);
  }
  const terms = real.map((features, layer) => {
    if (of === 'samples') return l1_loss(fake[layer]!, features.detach(), { reduction });
    return features.detach().mean(0).sub(fake[layer]!.mean(0)).square().sum();
  });
  return terms.reduce((sum, term) => sum.add(term)).mul(weight);
}

/**
 * KL divergence of N(μ, e^logvar) from N(0, 1): −½ (1 + logvar − μ² − e^logvar), summed over batch and latent as BicycleGAN has it
 * (Kingma and Welling 2014, https://arxiv.org/abs/1312.6114).
 */
export function kl_divergence(mu: Tensor, logvar: Tensor, { weight = 1, reduction = 'sum' }: TermOptions = {}): Tensor {
  const elements = logvar.add(1).sub(mu.pow(2)).sub(logvar.exp());
  return reduce(elements, reduction).mul(-0.5 * weight);
}

/** How far a recovered latent is from the drawn one. */
export type LatentDistance = 'l1' | 'mse' | 'l2';

/**
 * Latent recovery (Zhu et al. 2017, https://arxiv.org/abs/1711.11586): the mean of |z′ − z| (`l1`, BicycleGAN), of (z′ − z)² (`mse`), or
 * of the samples' norms ‖z′ − z‖₂ (`l2`, as document 2 writes it).
 */
export function latent_recovery(
  z: Tensor,
  recovered: Tensor,
  { distance = 'l1', weight = 1 }: { distance?: LatentDistance; weight?: number } = {},
): Tensor {
  if (distance === 'l1') return l1_loss(recovered, z).mul(weight);
  if (distance === 'mse') return mse_loss(recovered, z).mul(weight);
  if (distance === 'l2') return norm(recovered.sub(z), { p: 2, dim: 1 }).mean().mul(weight);
  throw new TypeError(`distance has to be l1, mse or l2, not ${String(distance)}`);
}
