/** APA, adaptive pseudo augmentation (Jiang et al. 2021, https://arxiv.org/abs/2111.06849): fakes among the real images. */
import { ones, rand, type Tensor, where, zeros_like } from 'isotorch';
import { requirePairs } from '../losses/reduction';

/**
 * Each real image replaced, with probability p, by the generated one at its place: fake · flag + real · (1 − flag). p adapts by
 * `AdaptiveProbability`, as ADA's does.
 * @param real real images N×C×H×W
 * @param fake generated ones of the same shape; no gradient reaches their generator
 */
export function pseudo_augment(real: Tensor, fake: Tensor, p: number): Tensor {
  requirePairs('pseudo_augment', real, fake);
  const size = [real.size(0), 1, 1, 1];
  const flag = ones(size, { device: real.device, dtype: real.dtype });
  const drawn = where(rand(size, { device: real.device }).lt(p), flag, zeros_like(flag));
  return fake
    .detach()
    .mul(drawn)
    .add(real.mul(drawn.neg().add(1)));
}
