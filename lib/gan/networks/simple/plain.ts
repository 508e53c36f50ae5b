/** Multilayer perceptrons for small images (Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661). */
import type { Tensor } from 'isotorch';
import { BatchNorm1d, LeakyReLU, Linear, Module, Sequential, Tanh, type Layer } from 'isotorch/nn';

/** Shape of one image: channels, height, width. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** Options of `SimpleGenerator`. */
export interface SimpleGeneratorOptions {
  /** Numbers of noise. Default 100. */
  latent_dim?: number;
  /** Default 1×28×28. */
  image_shape?: ImageShape;
  /** Sizes of the hidden layers. Default 128, 256, 512, 1024. */
  widths?: readonly number[];
  /** BatchNorm's eps. Default 1e-5; checkpoints of eriklindernoren's PyTorch-GAN were trained with 0.8. */
  eps?: number;
}

/** Options of `SimpleDiscriminator`. */
export interface SimpleDiscriminatorOptions {
  /** Default 1×28×28. */
  image_shape?: ImageShape;
  /** Sizes of the hidden layers. Default 512, 256. */
  widths?: readonly number[];
}

/** Numbers in an image. */
export const pixels = (shape: ImageShape): number => shape[0] * shape[1] * shape[2];

/** Hidden layers of a generator: Linear, BatchNorm (not in the first) and LeakyReLU for each width, then the image in (−1, 1). */
export function paintingLayers(input: number, widths: readonly number[], output: number, eps: number): Sequential {
  const layers: Layer[] = [];
  let before = input;
  for (const [index, width] of widths.entries()) {
    layers.push(new Linear(before, width));
    if (index > 0) layers.push(new BatchNorm1d(width, { eps }));
    layers.push(new LeakyReLU(0.2, true));
    before = width;
  }
  layers.push(new Linear(before, output), new Tanh());
  return new Sequential(...layers);
}

/** Noise N×latent_dim to images N×C×H×W in (−1, 1). */
export class SimpleGenerator extends Module {
  readonly image_shape: ImageShape;
  model: Sequential;

  constructor(options: SimpleGeneratorOptions = {}) {
    super();
    const { latent_dim = 100, image_shape = [1, 28, 28], widths = [128, 256, 512, 1024], eps = 1e-5 } = options;
    this.image_shape = image_shape;
    this.model = paintingLayers(latent_dim, widths, pixels(image_shape), eps);
  }

  override forward(noise: Tensor): Tensor {
    return this.model(noise).view(noise.size(0), ...this.image_shape);
  }
}

/** Images N×C×H×W to logits N×1, higher for images taken for real. */
export class SimpleDiscriminator extends Module {
  model: Sequential;

  constructor(options: SimpleDiscriminatorOptions = {}) {
    super();
    const { image_shape = [1, 28, 28], widths = [512, 256] } = options;
    const layers: Layer[] = [];
    let before = pixels(image_shape);
    for (const width of widths) {
      layers.push(new Linear(before, width), new LeakyReLU(0.2, true));
      before = width;
    }
    this.model = new Sequential(...layers, new Linear(before, 1));
  }

  override forward(images: Tensor): Tensor {
    return this.model(images.flatten(1));
  }
}
