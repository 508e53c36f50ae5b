/** Structural similarity of images. */
import { no_grad } from 'isotorch/autograd';
import { arange, float32, scope, type Tensor, ValueError } from 'isotorch';
import { conv2d } from 'isotorch/nn/functional';

/** Options of `ssim`; names and defaults are those of pytorch-msssim. */
export interface SsimOptions {
  /** Largest less smallest value that a pixel can have: 255 for bytes, 1 for [0, 1], 2 for [−1, 1]. */
  data_range?: number;
  /** Taps of the Gaussian window. */
  win_size?: number;
  /** Standard deviation of the window, in pixels. */
  win_sigma?: number;
  /** The two constants, in units of `data_range`. */
  K?: readonly [number, number];
  /** Whether values below 0 count as 0. */
  nonnegative_ssim?: boolean;
}

const squared = (value: number): number => value * value;

/** A Gaussian of `size` taps whose sum is 1, computed in float32 as pytorch-msssim does. */
function gaussian(size: number, sigma: number): Tensor {
  const steps = arange(size, { dtype: float32 }).sub(Math.floor(size / 2));
  const weights = steps
    .pow(2)
    .neg()
    .div(2 * sigma * sigma)
    .exp();
  return weights.div(weights.sum());
}

/** Each channel of N×C×H×W under the window, once down and once across, without a border. */
function blurred(images: Tensor, window: Tensor): Tensor {
  const channels = images.size(1);
  const weights = window.view(1, 1, 1, -1).repeat(channels, 1, 1, 1);
  const down = conv2d(images, weights.transpose(2, 3), { groups: channels });
  return conv2d(down, weights, { groups: channels });
}

/**
 * SSIM of each pair of images N×C×H×W, N numbers: the mean over pixels and channels of
 * (2μxμy + C₁)(2σxy + C₂) / ((μx² + μy² + C₁)(σx² + σy² + C₂)), with C = (K·data_range)², means and population
 * covariances under a Gaussian window that stays inside the image (Wang et al. 2004,
 * https://doi.org/10.1109/TIP.2003.819861; the numbers are those of pytorch-msssim 1.0.0, not those of
 * scikit-image, whose default is another window and the sample covariance). 1 for equal images.
 *
 * @throws ValueError where shapes or dtypes differ, or images are smaller than the window
 */
export function ssim(x: Tensor, y: Tensor, options: SsimOptions = {}): Tensor {
  const { data_range = 255, win_size = 11, win_sigma = 1.5, K = [0.01, 0.03], nonnegative_ssim = false } = options;
  check(x, y, win_size);
  return no_grad(() =>
    scope(() => {
      const window = gaussian(win_size, win_sigma).to(x);
      const [c1, c2] = [squared(K[0] * data_range), squared(K[1] * data_range)];
      const [mean_x, mean_y] = [blurred(x, window), blurred(y, window)];
      const [square_x, square_y, product] = [mean_x.pow(2), mean_y.pow(2), mean_x.mul(mean_y)];
      const variance_x = blurred(x.mul(x), window).sub(square_x);
      const variance_y = blurred(y.mul(y), window).sub(square_y);
      const covariance = blurred(x.mul(y), window).sub(product);
      const structure = covariance.mul(2).add(c2).div(variance_x.add(variance_y).add(c2));
      const map = product.mul(2).add(c1).div(square_x.add(square_y).add(c1)).mul(structure);
      const channels = map.flatten(2).mean(-1);
      return (nonnegative_ssim ? channels.relu() : channels).mean(1);
    }),
  );
}

function check(x: Tensor, y: Tensor, win_size: number): void {
  if (!Number.isSafeInteger(win_size) || win_size < 1 || win_size % 2 === 0) {
    throw new ValueError(`ssim: win_size is an odd number of pixels, not ${win_size}`);
  }
  if (x.dim() !== 4 || String(x.shape) !== String(y.shape)) {
    throw new ValueError(`ssim takes two tensors N×C×H×W of one shape, not (${x.shape}) and (${y.shape})`);
  }
  if (!x.is_floating_point() || x.dtype !== y.dtype) {
    throw new ValueError(
      `ssim takes floating images of one dtype, not ${x.dtype} and ${y.dtype}: convert with .float()`,
    );
  }
  if (Math.min(x.size(2), x.size(3)) < win_size) {
    throw new ValueError(
      `ssim: images of ${x.size(2)}×${x.size(3)} are smaller than the window of ${win_size}: give a smaller win_size`,
    );
  }
}
