/** The pair of PyTorch's DCGAN example, whose checkpoints load; 64×64 by default, other powers of two by more or fewer layers. */
import type { Tensor } from 'isotorch';
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  LeakyReLU,
  Module,
  ReLU,
  Sequential,
  Tanh,
  type Layer,
} from 'isotorch/nn';
import { levelsOf } from '../sizes';

/** Options of `DCGANGenerator`. */
export interface DCGANGeneratorOptions {
  /** Numbers of noise. Default 100. */
  nz?: number;
  /** Feature maps of the largest layer; each smaller one has twice as many. Default 64. */
  ngf?: number;
  /** Channels of the images. Default 3. */
  nc?: number;
  /** A power of two, 8 or more. Default 64. */
  image_size?: number;
}

/** Options of `DCGANDiscriminator`. */
export interface DCGANDiscriminatorOptions {
  /** Channels of the images. Default 3. */
  nc?: number;
  /** Feature maps of the largest layer; each smaller one has twice as many. Default 64. */
  ndf?: number;
  /** A power of two, 8 or more. Default 64. */
  image_size?: number;
}

/** Layers from `input`×1×1 to images of `image_size` in (−1, 1). */
export function growingLayers(input: number, ngf: number, nc: number, image_size: number): Sequential {
  const doublings = levelsOf('DCGANGenerator', image_size, 8) - 3;
  let maps = ngf * 2 ** doublings;
  const layers: Layer[] = [
    new ConvTranspose2d(input, maps, 4, { stride: 1, padding: 0, bias: false }),
    new BatchNorm2d(maps),
    new ReLU(true),
  ];
  for (let i = 0; i < doublings; i++) {
    layers.push(
      new ConvTranspose2d(maps, maps / 2, 4, { stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(maps / 2),
      new ReLU(true),
    );
    maps /= 2;
  }
  layers.push(new ConvTranspose2d(maps, nc, 4, { stride: 2, padding: 1, bias: false }), new Tanh());
  return new Sequential(...layers);
}

/** Layers from images of `image_size` to feature maps of 4×4, and how many maps those are. */
export function shrinkingLayers(nc: number, ndf: number, image_size: number): { layers: Layer[]; maps: number } {
  const doublings = levelsOf('DCGANDiscriminator', image_size, 8) - 3;
  const layers: Layer[] = [new Conv2d(nc, ndf, 4, { stride: 2, padding: 1, bias: false }), new LeakyReLU(0.2, true)];
  let maps = ndf;
  for (let i = 0; i < doublings; i++) {
    layers.push(
      new Conv2d(maps, 2 * maps, 4, { stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(2 * maps),
      new LeakyReLU(0.2, true),
    );
    maps *= 2;
  }
  return { layers, maps };
}

/** Noise N×nz×1×1, or N×nz, to images N×nc×size×size in (−1, 1). */
export class DCGANGenerator extends Module {
  main: Sequential;

  constructor({ nz = 100, ngf = 64, nc = 3, image_size = 64 }: DCGANGeneratorOptions = {}) {
    super();
    this.main = growingLayers(nz, ngf, nc, image_size);
  }

  override forward(noise: Tensor): Tensor {
    return this.main(noise.view(noise.size(0), -1, 1, 1));
  }
}

/** Images N×nc×size×size to logits N×1. The example's sigmoid is not here: losses of this package take logits. */
export class DCGANDiscriminator extends Module {
  main: Sequential;

  constructor({ nc = 3, ndf = 64, image_size = 64 }: DCGANDiscriminatorOptions = {}) {
    super();
    const { layers, maps } = shrinkingLayers(nc, ndf, image_size);
    this.main = new Sequential(...layers, new Conv2d(maps, 1, 4, { stride: 1, padding: 0, bias: false }));
  }

  override forward(images: Tensor): Tensor {
    return this.main(images).view(images.size(0), 1);
  }
}
