/** BicycleGAN's discriminator: patches at several scales. */
import { AvgPool2d, Conv2d, type Layer, LeakyReLU, Module, Sequential } from 'isotorch/nn';
import type { Tensor } from 'isotorch';
import { type BicycleNorm, norm_layers } from './layers';

/** Options of BicycleGAN's discriminator; the names are the original's. */
export interface BicycleDiscriminatorOptions {
  /** Channels of the images seen. */
  input_nc: number;
  /** Channels of the first layer at full scale; each further scale has half as many. */
  ndf?: number;
  /** Strided layers: 3 for 256, 2 for 128. */
  n_layers?: number;
  norm?: BicycleNorm;
  /** Scales; each sees the image at half the size of the one before. */
  num_D?: number;
}

/** A PatchGAN of 4×4 convolutions: `n_layers` strided ones, one more, and one to a single channel of logits. */
function patch_layers(input_nc: number, ndf: number, n_layers: number, norm: BicycleNorm): Sequential {
  const width = (n: number): number => ndf * Math.min(2 ** n, 8);
  const layers: Layer[] = [new Conv2d(input_nc, ndf, 4, 2, 1), new LeakyReLU(0.2, true)];
  for (let n = 1; n <= n_layers; n++) {
    layers.push(
      new Conv2d(width(n - 1), width(n), 4, n < n_layers ? 2 : 1, 1),
      ...norm_layers(norm, width(n)),
      new LeakyReLU(0.2, true),
    );
  }
  return new Sequential(...layers, new Conv2d(width(n_layers), 1, 4, 1, 1));
}

/** ndf / 2^scale, a half rounded to the even number as Python's `round` does. */
function narrowed(ndf: number, scale: number): number {
  const exact = ndf / 2 ** scale;
  const below = Math.floor(exact);
  if (exact - below !== 0.5) return Math.round(exact);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * Images B×input_nc×H×W to maps of logits B×1×h×w, one a scale, largest first (`D_NLayersMulti` of junyanz/BicycleGAN;
 * 30×30 and 14×14 at 256 with the defaults). The next scale's image is the mean of 3×3 with stride 2 that does not
 * count the border.
 *
 * One scale gives a list of one, where the original gives the bare tensor; its layers are then `model`, not `model_0`.
 */
export class BicycleMultiScaleDiscriminator extends Module {
  readonly num_D: number;
  private readonly scales: string[];

  constructor({ input_nc, ndf = 64, n_layers = 3, norm = 'instance', num_D = 2 }: BicycleDiscriminatorOptions) {
    super();
    this.num_D = num_D;
    this.scales = num_D === 1 ? ['model'] : Array.from({ length: num_D }, (_, scale) => `model_${scale}`);
    for (const [scale, name] of this.scales.entries()) {
      this.add_module(name, patch_layers(input_nc, narrowed(ndf, scale), n_layers, norm));
      if (scale === 0 && num_D > 1) {
        this.add_module('down', new AvgPool2d(3, { stride: 2, padding: [1, 1], count_include_pad: false }));
      }
    }
  }

  override forward(input: Tensor): Tensor[] {
    const layer = (name: string) => this.get_submodule(name) as Sequential;
    let seen = input;
    return this.scales.map((name, scale) => {
      if (scale > 0) seen = layer('down')(seen);
      return layer(name)(seen);
    });
  }
}
