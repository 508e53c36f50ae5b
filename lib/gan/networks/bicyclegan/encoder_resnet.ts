/** BicycleGAN's residual encoder. */
import { AvgPool2d, Conv2d, type Layer, Linear, Module, Sequential } from 'isotorch/nn';
import type { Tensor } from 'isotorch';
import { activation, type BicycleNorm, norm_layers } from './layers';

/** Options of BicycleGAN's encoders; the names are the original's. */
export interface BicycleEncoderOptions {
  /** Channels of the images encoded. */
  input_nc: number;
  /** Numbers of a latent code. */
  output_nc: number;
  /** Channels of the first layer; the widest has four times as many. */
  ndf?: number;
  /** Halvings; an image of 8·2^n_blocks comes down to 8×8, which is averaged. */
  n_blocks: number;
  norm?: BicycleNorm;
}

/** Mean and logarithm of the variance of a latent code, each B×nz. */
export type EncodedCode = [mu: Tensor, logvar: Tensor];

/** Halves height and width: norm, activation, 3×3, norm, activation, 3×3 and mean of 2×2, beside mean of 2×2 and 1×1. */
class BasicBlock extends Module {
  conv: Sequential;
  shortcut: Sequential;

  constructor(from: number, to: number, norm: BicycleNorm) {
    super();
    this.conv = new Sequential(
      ...norm_layers(norm, from),
      activation('lrelu'),
      new Conv2d(from, from, 3, 1, 1),
      ...norm_layers(norm, from),
      activation('lrelu'),
      new Sequential(new Conv2d(from, to, 3, 1, 1), new AvgPool2d(2, 2)),
    );
    this.shortcut = new Sequential(new AvgPool2d(2, 2), new Conv2d(from, to, 1));
  }

  override forward(x: Tensor): Tensor {
    return this.conv(x).add(this.shortcut(x));
  }
}

/**
 * Images B×input_nc×S×S to the mean and log-variance of their codes, S = 8·2^n_blocks (`E_ResNet` of
 * junyanz/BicycleGAN with `vaeLike`; 5 blocks at 256, 4 at 128).
 */
export class BicycleResNetEncoder extends Module {
  fc: Sequential;
  fcVar: Sequential;
  conv: Sequential;

  constructor({ input_nc, output_nc, ndf = 64, n_blocks, norm = 'instance' }: BicycleEncoderOptions) {
    super();
    if (n_blocks < 2) throw new RangeError(`n_blocks: the encoder has 2 or more, not ${n_blocks}`);
    const width = (n: number): number => ndf * Math.min(4, n);
    const layers: Layer[] = [new Conv2d(input_nc, ndf, 4, 2, 1)];
    for (let n = 1; n < n_blocks; n++) layers.push(new BasicBlock(width(n), width(n + 1), norm));
    layers.push(activation('lrelu'), new AvgPool2d(8));
    this.fc = new Sequential(new Linear(width(n_blocks), output_nc));
    this.fcVar = new Sequential(new Linear(width(n_blocks), output_nc));
    this.conv = new Sequential(...layers);
  }

  override forward(x: Tensor): EncodedCode {
    const flat = this.conv(x).view(x.size(0), -1);
    return [this.fc(flat), this.fcVar(flat)];
  }
}
