/** Modulated convolution (Karras et al. 2020, https://arxiv.org/abs/1912.04958). */
import { addcmul, type Tensor } from 'isotorch';
import { conv2d_resample } from './resample';

/** Options of `modulated_conv2d`. */
export interface ModulatedConvOptions {
  /** Added to the result before bias and activation. */
  noise?: Tensor | null;
  /** 2 for an output of twice the size. */
  up?: number;
  padding?: number;
  /** Whether each output filter is scaled to unit norm. Default true. */
  demodulate?: boolean;
  /** Whether samples get weights of their own, in one grouped convolution, or are scaled before and after a common one. */
  fused?: boolean;
}

/**
 * x convolved with weight·s for each sample's styles s along the input channels, times rsqrt(Σ (weight·s)² + 1e-8) with `demodulate`.
 * Fused or not, it is the same function but for rounding; the original fuses in evaluation only, because training is faster without.
 * @param x N×in×H×W
 * @param weight out×in×k×k
 * @param styles N×in
 * @param f the filter for `up`
 */
export function modulated_conv2d(
  x: Tensor,
  weight: Tensor,
  styles: Tensor,
  f: Tensor,
  options: ModulatedConvOptions = {},
): Tensor {
  const { noise = null, up = 1, padding = 0, demodulate = true, fused = true } = options;
  const [n, , height, width] = x.shape as [number, number, number, number];
  const modulated = () => weight.unsqueeze(0).mul(styles.reshape(n, 1, -1, 1, 1));
  const demodulation = (w: Tensor) => w.square().sum([2, 3, 4]).add(1e-8).rsqrt();
  if (fused) {
    let w = modulated();
    if (demodulate) w = w.mul(demodulation(w).reshape(n, -1, 1, 1, 1));
    const [, , ...kernel] = w.shape;
    const y = conv2d_resample(x.reshape(1, -1, height, width), w.reshape(-1, ...kernel), f, { up, padding, groups: n });
    const apart = y.reshape(n, -1, y.size(2), y.size(3));
    return noise === null ? apart : apart.add(noise);
  }
  const factors = demodulate ? demodulation(modulated()).reshape(n, -1, 1, 1) : null;
  const y = conv2d_resample(x.mul(styles.reshape(n, -1, 1, 1)), weight, f, { up, padding });
  if (factors === null) return noise === null ? y : y.add(noise);
  return noise === null ? y.mul(factors) : addcmul(noise, y, factors);
}
