/** Resampling with a low-pass filter. */
import { type Tensor, tensor } from 'isotorch';
import { conv2d, conv_transpose2d, pad } from 'isotorch/nn/functional';

/** [1, 3, 3, 1] ⊗ [1, 3, 3, 1] / 64, 4×4. */
export function binomial_filter(): Tensor {
  const line = tensor([1, 3, 3, 1]);
  const square = line.ger(line);
  return square.div(square.sum());
}

/** Options of `upfirdn2d`. */
export interface UpfirdnOptions {
  up?: number;
  down?: number;
  /** Zeros before and after, in both directions. */
  padding?: readonly [before: number, after: number];
  /** Factor of the filter. */
  gain?: number;
}

/** up − 1 zeros after each pixel, zeros around, each channel convolved with `f`, and every down-th pixel of that. */
export function upfirdn2d(x: Tensor, f: Tensor, options: UpfirdnOptions = {}): Tensor {
  const { up = 1, down = 1, padding = [0, 0], gain = 1 } = options;
  const [n, c, h, w] = x.shape as [number, number, number, number];
  let y = x;
  if (up > 1) {
    y = pad(y.reshape(n, c, h, 1, w, 1), [0, up - 1, 0, 0, 0, up - 1]).reshape(n, c, h * up, w * up);
  }
  const [before, after] = padding;
  const kernel = f.mul(gain).flip([0, 1]).get(null, null).repeat(c, 1, 1, 1);
  y = conv2d(pad(y, [before, after, before, after]), kernel, { groups: c });
  return down === 1 ? y : y.get(':', ':', `::${down}`, `::${down}`);
}

/** Twice as large: what the filter leaves of an image with zeros between its pixels, times 4. */
export function upsample2d(x: Tensor, f: Tensor): Tensor {
  const taps = f.size(-1);
  return upfirdn2d(x, f, { up: 2, padding: [Math.floor((taps + 1) / 2), Math.floor((taps - 2) / 2)], gain: 4 });
}

/** Options of `conv2d_resample`. */
export interface ConvResampleOptions {
  /** 2 for an output of twice the size. */
  up?: number;
  /** 2 for one of half the size. */
  down?: number;
  /** Zeros around what is convolved. */
  padding?: number;
  groups?: number;
}

/**
 * Convolves with `w` (out×in×k×k) between resampling by `f`: filtered before a strided convolution, or after a transposed one.
 *
 * Trap: the transposed convolution applies the kernel turned by 180°, and weights were trained with that.
 */
export function conv2d_resample(x: Tensor, w: Tensor, f: Tensor, options: ConvResampleOptions = {}): Tensor {
  const { up = 1, down = 1, padding = 0, groups = 1 } = options;
  const [taps, size] = [f.size(-1), w.size(-1)];
  if (up > 1) {
    const before = padding + Math.floor((taps + up - 1) / 2) - (size - 1);
    const after = padding + Math.floor((taps - up) / 2) - (size - up);
    const wide = conv_transpose2d(x, transposed(w, groups), { stride: up, groups });
    return upfirdn2d(wide, f, { padding: [before, after], gain: up * up });
  }
  if (down > 1) {
    const around = [padding + Math.floor((taps - down + 1) / 2), padding + Math.floor((taps - down) / 2)] as const;
    return size === 1
      ? conv2d(upfirdn2d(x, f, { down, padding: around }), w, { groups })
      : conv2d(upfirdn2d(x, f, { padding: around }), w, { stride: down, groups });
  }
  return conv2d(x, w, { padding, groups });
}

/** Weights with the input channels of each group first. */
function transposed(w: Tensor, groups: number): Tensor {
  const [out_channels, in_channels, kh, kw] = w.shape as [number, number, number, number];
  const grouped = w.reshape(groups, out_channels / groups, in_channels, kh, kw).transpose(1, 2);
  return grouped.reshape(groups * in_channels, out_channels / groups, kh, kw);
}
