/** Resampling of N×C×H×W, alone and as one operator with a convolution. */
import { avg_pool2d, conv2d, conv_transpose2d, interpolate, pad } from 'isotorch/nn/functional';
import { type Tensor, tensor } from 'isotorch';
import type { FusedScale } from './sizes';

/** Each pixel becomes `factor`×`factor` pixels. */
export function upscale2d(x: Tensor, factor = 2): Tensor {
  return factor === 1 ? x : interpolate(x, { scale_factor: factor, mode: 'nearest' });
}

/** Means of `factor`×`factor` pixels. */
export function downscale2d(x: Tensor, factor = 2): Tensor {
  return factor === 1 ? x : avg_pool2d(x, factor);
}

/** Each channel convolved with [1,2,1]ᵀ[1,2,1]/16, zeros beyond the border. */
export function blur2d(x: Tensor): Tensor {
  const line = tensor([1, 2, 1], { dtype: x.dtype, device: x.device });
  const kernel = line.unsqueeze(1).mul(line).div(16);
  const channels = x.size(1);
  return conv2d(x, kernel.expand(channels, 1, 3, 3), { padding: 1, groups: channels });
}

/** Σ of the kernel at the four offsets {0,1}²: k×k becomes (k+1)×(k+1). */
function spread(weight: Tensor): Tensor {
  const size = weight.size(-1) + 1;
  const wide = pad(weight, [1, 1, 1, 1]);
  const at = (y: number, x: number) => wide.narrow(2, y, size).narrow(3, x, size);
  return at(1, 1).add(at(0, 1)).add(at(1, 0)).add(at(0, 0));
}

/**
 * Upscales ×2, then convolves with `weight` (out×in×k×k).
 *
 * Trap: fused, it is a transposed convolution, which applies the kernel turned by 180°. So
 * `upscale2d_conv2d(x, w, true)` equals `upscale2d_conv2d(x, w.flip(2, 3), false)`, and weights belong to the spelling
 * that they were trained with.
 */
export function upscale2d_conv2d(x: Tensor, weight: Tensor, fused_scale: FusedScale = 'auto'): Tensor {
  const fused = fused_scale === 'auto' ? Math.min(x.size(2), x.size(3)) * 2 >= 128 : fused_scale;
  const padding = (weight.size(-1) - 1) / 2;
  if (!fused) return conv2d(upscale2d(x), weight, { padding });
  return conv_transpose2d(x, spread(weight.transpose(0, 1)), { stride: 2, padding });
}

/** Convolves with `weight` (out×in×k×k), then downscales ×2. Fused, it is a strided convolution: the same function. */
export function conv2d_downscale2d(x: Tensor, weight: Tensor, fused_scale: FusedScale = 'auto'): Tensor {
  const fused = fused_scale === 'auto' ? Math.min(x.size(2), x.size(3)) >= 128 : fused_scale;
  const padding = (weight.size(-1) - 1) / 2;
  if (!fused) return downscale2d(conv2d(x, weight, { padding }));
  return conv2d(x, spread(weight).mul(0.25), { stride: 2, padding });
}

/** a + (b − a)·t. */
export function fade(a: Tensor, b: Tensor, t: number): Tensor {
  return a.add(b.sub(a).mul(t));
}
