/** Layers that the networks of BicycleGAN choose by name. */
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  ELU,
  InstanceNorm2d,
  type Layer,
  LeakyReLU,
  ReflectionPad2d,
  ReLU,
  Upsample,
} from 'isotorch/nn';

/** `instance` has neither parameters nor running statistics, `batch` has both. */
export type BicycleNorm = 'instance' | 'batch' | 'none';

/** Activation on the way up; all of them work in place. */
export type BicycleActivation = 'relu' | 'lrelu' | 'elu';

/** `basic`: transposed convolution 4×4; `bilinear`: bilinear ×2, reflected border, convolution 3×3. */
export type BicycleUpsample = 'basic' | 'bilinear';

/** The norm of a number of channels as a list: empty for `none`. */
export function norm_layers(norm: BicycleNorm, channels: number): Layer[] {
  if (norm === 'batch') return [new BatchNorm2d(channels)];
  return norm === 'instance' ? [new InstanceNorm2d(channels)] : [];
}

/** A new activation of that name; `lrelu` has slope 0.2. */
export function activation(name: BicycleActivation): Layer {
  if (name === 'relu') return new ReLU(true);
  return name === 'lrelu' ? new LeakyReLU(0.2, true) : new ELU({ inplace: true });
}

/** Layers that double height and width. */
export function upsample_layers(from: number, to: number, upsample: BicycleUpsample): Layer[] {
  if (upsample === 'basic') return [new ConvTranspose2d(from, to, 4, 2, 1)];
  return [new Upsample({ scale_factor: 2, mode: 'bilinear' }), new ReflectionPad2d(1), new Conv2d(from, to, 3)];
}
