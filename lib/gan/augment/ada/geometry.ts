/** Pixel blitting and geometric transforms: one matrix an image, applied once, between two low-pass filters. */
import { cat, eye, rand, randn, type Tensor, tensor } from 'isotorch';
import { affine_grid, conv2d, conv_transpose2d, grid_sample, pad } from 'isotorch/nn/functional';
import { with_chance } from './chance';
import { matrix, rotate2d, scale2d, translate2d } from './matrices';
import type { AdaOptions } from './options';

/** The matrix that leads from output pixels back to input pixels, N×3×3, undefined where no change is asked for. */
export function draw_geometry(images: Tensor, o: Required<AdaOptions>, p: number): Tensor | undefined {
  const { device } = images;
  const [n, , height, width] = images.shape as [number, number, number, number];
  let back: Tensor | undefined;
  const then = (change: Tensor) => {
    back = (back ?? eye(3, { device })).matmul(change);
  };
  const uniform = (...size: number[]) => rand([n, ...size], { device });
  const normal = (...size: number[]) => randn([n, ...size], { device });

  if (o.xflip > 0) {
    const i = with_chance(uniform().mul(2).floor(), 0, o.xflip * p, [n]);
    then(scale2d(i.mul(-2).add(1).reciprocal(), 1, device));
  }
  if (o.rotate90 > 0) {
    const i = with_chance(uniform().mul(4).floor(), 0, o.rotate90 * p, [n]);
    then(rotate2d(i.mul(Math.PI / 2)));
  }
  if (o.xint > 0) {
    const t = with_chance(uniform(2).mul(2).sub(1).mul(o.xint_max), 0, o.xint * p, [n, 1]);
    then(translate2d(t.select(1, 0).mul(width).round().neg(), t.select(1, 1).mul(height).round().neg(), device));
  }
  if (o.scale > 0) {
    const s = with_chance(normal().mul(o.scale_std).exp2(), 1, o.scale * p, [n]).reciprocal();
    then(scale2d(s, s, device));
  }
  // Before or after stretching: with this chance for each, an image is turned with the chance that was asked for.
  const p_rotate = 1 - Math.sqrt(Math.min(Math.max(1 - o.rotate * p, 0), 1));
  const turn = () => {
    const drawn = uniform()
      .mul(2)
      .sub(1)
      .mul(Math.PI * o.rotate_max);
    then(rotate2d(with_chance(drawn, 0, p_rotate, [n])));
  };
  if (o.rotate > 0) turn();
  if (o.aniso > 0) {
    const s = with_chance(normal().mul(o.aniso_std).exp2(), 1, o.aniso * p, [n]);
    then(scale2d(s.reciprocal(), s, device));
  }
  if (o.rotate > 0) turn();
  if (o.xfrac > 0) {
    const t = with_chance(normal(2).mul(o.xfrac_std), 0, o.xfrac * p, [n, 1]);
    then(translate2d(t.select(1, 0).mul(-width), t.select(1, 1).mul(-height), device));
  }
  return back;
}

/** Pixels around the image that its transformed corners need: left, top, right, bottom, less than its sides. */
function margins(back: Tensor, height: number, width: number, taps: number): [number, number, number, number] {
  const { device } = back;
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const corners = matrix(
    [
      [-x, x, x, -x],
      [-y, -y, y, y],
      [1, 1, 1, 1],
    ],
    device,
  );
  const reached = back.matmul(corners).narrow(1, 0, 2).transpose(0, 1).flatten(1);
  const farthest = cat([reached.neg(), reached]).amax(1);
  const beyond = farthest.add(tensor([taps / 2 - x, taps / 2 - y, taps / 2 - x, taps / 2 - y], { device }));
  const most = tensor([width - 1, height - 1, width - 1, height - 1], { device });
  return beyond.clamp(0).minimum(most).ceil().tolist() as [number, number, number, number];
}

/** The filter along rows, then along columns, for each channel by itself. */
function separable(
  images: Tensor,
  filter: Tensor,
  apply: (x: Tensor, kernel: Tensor, along: 'x' | 'y') => Tensor,
): Tensor {
  const kernels = filter.view(1, 1, -1).repeat(images.size(1), 1, 1);
  return apply(apply(images, kernels.unsqueeze(2), 'x'), kernels.unsqueeze(3), 'y');
}

/** Twice the size: pixels with zeros between them, low-pass filtered. */
function upsampled(images: Tensor, filter: Tensor): Tensor {
  const padding = filter.size(0) / 2 - 1;
  const groups = images.size(1);
  return separable(images, filter.mul(2), (x, kernel, along) =>
    conv_transpose2d(x, kernel, null, {
      stride: along === 'x' ? [1, 2] : [2, 1],
      padding: along === 'x' ? [0, padding] : [padding, 0],
      groups,
    }),
  );
}

/** Low-pass filtered, every second pixel; the filter's margin goes. */
function downsampled(images: Tensor, filter: Tensor): Tensor {
  const groups = images.size(1);
  const inner = images.narrow(2, 1, images.size(2) - 2).narrow(3, 1, images.size(3) - 2);
  return separable(inner, filter, (x, kernel, along) =>
    conv2d(x, kernel, null, { stride: along === 'x' ? [1, 2] : [2, 1], groups }),
  );
}

/** The images through their matrices. Outside of an image is its mirror image. */
export function transformed(images: Tensor, back: Tensor, filter: Tensor): Tensor {
  const { device } = images;
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const taps = filter.size(0);
  const [left, top, right, bottom] = margins(back, height, width, taps);
  const padded = pad(images, [left, right, top, bottom], 'reflect');
  const large = upsampled(padded, filter);

  // From pixels around the old centre to pixels around the padded one, at twice the size, where pixels' centres are elsewhere.
  let m = translate2d((left - right) / 2, (top - bottom) / 2, device).matmul(back);
  m = scale2d(2, 2, device)
    .matmul(m)
    .matmul(scale2d(1 / 2, 1 / 2, device));
  m = translate2d(-0.5, -0.5, device)
    .matmul(m)
    .matmul(translate2d(0.5, 0.5, device));
  const [h, w] = [(height + taps / 2) * 2, (width + taps / 2) * 2];
  m = scale2d(2 / large.size(3), 2 / large.size(2), device)
    .matmul(m)
    .matmul(scale2d(w / 2, h / 2, device));
  const grid = affine_grid(m.narrow(1, 0, 2), [n, channels, h, w], { align_corners: false });
  const moved = grid_sample(large, grid, { mode: 'bilinear', padding_mode: 'zeros', align_corners: false });
  return downsampled(moved, filter);
}
