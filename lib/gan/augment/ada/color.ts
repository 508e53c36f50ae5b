/** Changes of colour: one matrix an image. */
import { eye, full, rand, randn, type Tensor } from 'isotorch';
import { with_chance } from './chance';
import { rotate_around_grey, scale3d, translate3d } from './matrices';
import type { AdaOptions } from './options';

/** The matrix of colours, N×4×4, undefined where no change is asked for. */
export function draw_color(images: Tensor, o: Required<AdaOptions>, p: number): Tensor | undefined {
  const { device } = images;
  const n = images.size(0);
  const several = images.size(1) > 1;
  let color: Tensor | undefined;
  const then = (change: Tensor) => {
    color = change.matmul(color ?? eye(4, { device }));
  };
  // v·vᵀ of the grey axis v.
  const grey = () => {
    const axis = full([4, 4], 1 / 3, { device });
    axis.narrow(0, 3, 1).zero_();
    axis.narrow(1, 3, 1).zero_();
    return axis;
  };

  if (o.brightness > 0) {
    then(translate3d(with_chance(randn([n], { device }).mul(o.brightness_std), 0, o.brightness * p, [n])));
  }
  if (o.contrast > 0) {
    then(scale3d(with_chance(randn([n], { device }).mul(o.contrast_std).exp2(), 1, o.contrast * p, [n])));
  }
  if (o.lumaflip > 0) {
    const i = with_chance(rand([n, 1, 1], { device }).mul(2).floor(), 0, o.lumaflip * p, [n, 1, 1]);
    then(eye(4, { device }).sub(grey().mul(2).mul(i)));
  }
  if (o.hue > 0 && several) {
    const drawn = rand([n], { device })
      .mul(2)
      .sub(1)
      .mul(Math.PI * o.hue_max);
    then(rotate_around_grey(with_chance(drawn, 0, o.hue * p, [n])));
  }
  if (o.saturation > 0 && several) {
    const drawn = randn([n, 1, 1], { device }).mul(o.saturation_std).exp2();
    const s = with_chance(drawn, 1, o.saturation * p, [n, 1, 1]);
    then(grey().add(eye(4, { device }).sub(grey()).mul(s)));
  }
  return color;
}

/** The images through their matrices; a grey image through the mean of the three channels. */
export function coloured(images: Tensor, color: Tensor): Tensor {
  const flat = images.flatten(2);
  const linear = color.narrow(1, 0, 3).narrow(2, 0, 3);
  const moved = color.narrow(1, 0, 3).narrow(2, 3, 1);
  if (images.size(1) === 3) return linear.matmul(flat).add(moved).view(images.shape);
  const gain = linear.mean(1, true).sum(2, true);
  return flat.mul(gain).add(moved.mean(1, true)).view(images.shape);
}
