/** Frequency bands amplified, and images corrupted. */
import { arange, full, ones, rand, randn, type Tensor, tensor } from 'isotorch';
import { conv2d, pad } from 'isotorch/nn/functional';
import { with_chance } from './chance';
import type { AdaOptions } from './options';

/** Expected power of the bands in natural images, 1/f. */
const POWER = [10 / 13, 1 / 13, 1 / 13, 1 / 13];

/** Each image through a filter of its own, whose bands are amplified and whose expected power is 1. */
export function filtered(images: Tensor, bank: Tensor, o: Required<AdaOptions>, p: number): Tensor {
  const { device } = images;
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const bands = bank.size(0);
  const power = tensor(POWER, { device });
  let gains = ones([n, bands], { device });
  for (const [band, multiplier] of o.imgfilter_bands.entries()) {
    const drawn = randn([n], { device }).mul(o.imgfilter_std).exp2();
    const gain = ones([n, bands], { device });
    gain.select(1, band).copy_(with_chance(drawn, 1, o.imgfilter * p * multiplier, [n]));
    gains = gains.mul(gain.div(power.mul(gain.square()).sum(-1, true).sqrt()));
  }
  const kernels = gains
    .matmul(bank)
    .unsqueeze(1)
    .repeat(1, channels, 1)
    .reshape(n * channels, 1, -1);
  const margin = Math.floor(bank.size(1) / 2);
  if (Math.min(height, width) <= margin) {
    throw new TypeError(
      `imgfilter mirrors ${margin} pixels at the border: images of ${height}×${width} are too small for it`,
    );
  }
  const groups = n * channels;
  const padded = pad(images.reshape(1, groups, height, width), [margin, margin, margin, margin], 'reflect');
  const along = conv2d(padded, kernels.unsqueeze(2), null, { groups });
  return conv2d(along, kernels.unsqueeze(3), null, { groups }).reshape(images.shape);
}

/** Images with noise of a strength of their own. */
export function noisy(images: Tensor, o: Required<AdaOptions>, p: number): Tensor {
  const size = [images.size(0), 1, 1, 1];
  const strength = randn(size, { device: images.device }).abs().mul(o.noise_std);
  const chosen = with_chance(strength, 0, o.noise * p, size);
  return images.add(randn(images.shape, { device: images.device }).mul(chosen));
}

/** Images with a black square somewhere, which may reach over the border. */
export function cut_out(images: Tensor, o: Required<AdaOptions>, p: number): Tensor {
  const { device } = images;
  const [n, , height, width] = images.shape as [number, number, number, number];
  const size = with_chance(full([n, 2, 1, 1, 1], o.cutout_size, { device }), 0, o.cutout * p, [n, 1, 1, 1, 1]);
  const center = rand([n, 2, 1, 1, 1], { device });
  const far = (axis: number, positions: Tensor, length: number): Tensor => {
    const distance = positions.add(0.5).div(length).sub(center.select(1, axis)).abs();
    return distance.ge(size.select(1, axis).div(2));
  };
  const beside = far(0, arange(width, { device }).reshape(1, 1, 1, -1), width);
  const above = far(1, arange(height, { device }).reshape(1, 1, -1, 1), height);
  return images.mul(beside.logical_or(above).to(images.dtype));
}
