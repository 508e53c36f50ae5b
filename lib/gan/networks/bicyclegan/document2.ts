/**
 * Small networks for document 2's own variant of BicycleGAN, which names G(x, z), F(y), E(y) and D(y) without saying what
 * they are: convolutions with BatchNorm for images of any even size from 8 on.
 */
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  type Layer,
  LeakyReLU,
  Linear,
  Module,
  ReLU,
  Sequential,
  Sigmoid,
  Tanh,
} from 'isotorch/nn';
import type { Tensor } from 'isotorch';
import { with_code } from './code';

/** Sizes of document 2's translators. */
export interface Document2TranslatorOptions {
  /** Channels of the image given. */
  input_nc: number;
  /** Channels of the image made. */
  output_nc: number;
  /** Numbers of a latent code. */
  nz: number;
  /** Channels of the first layer. */
  width?: number;
}

/** One halving, one layer between, one doubling; in [−1, 1]. */
function translator(input_nc: number, output_nc: number, width: number): Sequential {
  return new Sequential(
    new Conv2d(input_nc, width, 3, 1, 1),
    new BatchNorm2d(width),
    new ReLU(true),
    new Conv2d(width, 2 * width, 4, 2, 1),
    new BatchNorm2d(2 * width),
    new ReLU(true),
    new Conv2d(2 * width, 2 * width, 3, 1, 1),
    new BatchNorm2d(2 * width),
    new ReLU(true),
    new ConvTranspose2d(2 * width, width, 4, 2, 1),
    new BatchNorm2d(width),
    new ReLU(true),
    new Conv2d(width, output_nc, 3, 1, 1),
    new Tanh(),
  );
}

/** Document 2's G: images x and codes z to images y; the code is tiled behind x. */
export class Document2Generator extends Module {
  model: Sequential;

  constructor({ input_nc, output_nc, nz, width = 16 }: Document2TranslatorOptions) {
    super();
    this.model = translator(input_nc + nz, output_nc, width);
  }

  override forward(x: Tensor, z: Tensor): Tensor {
    return this.model(with_code(x, z));
  }
}

/** Document 2's F: images y back to images x, without a code. */
export class Document2Inverse extends Module {
  model: Sequential;

  constructor({ input_nc, output_nc, width = 16 }: Omit<Document2TranslatorOptions, 'nz'>) {
    super();
    this.model = translator(input_nc, output_nc, width);
  }

  override forward(y: Tensor): Tensor {
    return this.model(y);
  }
}

/** The first layers of E and D: images to features 2·width, a quarter as high and wide. */
function two_halvings(input_nc: number, width: number): Layer[] {
  return [
    new Conv2d(input_nc, width, 4, 2, 1),
    new LeakyReLU(0.2, true),
    new Conv2d(width, 2 * width, 4, 2, 1),
    new BatchNorm2d(2 * width),
    new LeakyReLU(0.2, true),
  ];
}

/** Document 2's E: images y to codes B×nz, by two halvings and the mean over what is left. */
export class Document2Encoder extends Module {
  model: Sequential;
  head: Linear;

  constructor({ input_nc, nz, width = 16 }: { input_nc: number; nz: number; width?: number }) {
    super();
    this.model = new Sequential(...two_halvings(input_nc, width));
    this.head = new Linear(2 * width, nz);
  }

  override forward(y: Tensor): Tensor {
    return this.head(this.model(y).mean([2, 3]));
  }
}

/** What document 2's D says: one number an image or one a patch, as probabilities or as logits. */
export interface Document2DiscriminatorOptions {
  /** Channels of the images seen. */
  input_nc: number;
  /** Channels of the first layer. */
  width?: number;
  /** `image`: B×1, the mean over its patches' logits; `patch`: B×1×h×w. */
  output?: 'image' | 'patch';
  /** `true`: a sigmoid at the end, as the document's logarithms and its threshold of 0.5 imply. */
  probabilities?: boolean;
}

/** Document 2's D: images y to how real they look. */
export class Document2Discriminator extends Module {
  readonly output: 'image' | 'patch';
  model: Sequential;
  squash: Sigmoid | null;

  constructor({ input_nc, width = 16, output = 'patch', probabilities = true }: Document2DiscriminatorOptions) {
    super();
    this.output = output;
    this.model = new Sequential(...two_halvings(input_nc, width), new Conv2d(2 * width, 1, 3, 1, 1));
    this.squash = probabilities ? new Sigmoid() : null;
  }

  override forward(y: Tensor): Tensor {
    const patches = this.model(y);
    const logits = this.output === 'image' ? patches.mean([2, 3]) : patches;
    return this.squash ? this.squash(logits) : logits;
  }
}
