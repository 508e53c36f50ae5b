/**
 * Networks for 28×28 grey images, with BatchNorm in both: a small convolutional pair after Radford et
 * al. 2016 (https://arxiv.org/abs/1511.06434).
 */
import {
  BatchNorm1d,
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Flatten,
  LeakyReLU,
  Linear,
  Module,
  ReLU,
  Sequential,
  Tanh,
} from 'isotorch/nn';
import type { Tensor } from 'isotorch';

/** Sizes of the two networks; the defaults suit a few minutes on a CPU. */
export interface DigitNetworkOptions {
  /** Feature maps of the 14×14 layer; the 7×7 layer has twice as many. */
  width?: number;
}

/**
 * Noise N×1×28×28 to images N×1×28×28 in (−1, 1). The 784 numbers of noise are first mixed down to 64,
 * then two transposed convolutions lead from 7×7 to 28×28.
 */
export class DigitGenerator extends Module {
  readonly width: number;
  project: Sequential;
  paint: Sequential;

  constructor({ width = 16 }: DigitNetworkOptions = {}) {
    super();
    this.width = width;
    this.project = new Sequential(
      new Linear(28 * 28, 64, { bias: false }),
      new BatchNorm1d(64),
      new Linear(64, 2 * width * 7 * 7, { bias: false }),
    );
    this.paint = new Sequential(
      new BatchNorm2d(2 * width),
      new ReLU(),
      new ConvTranspose2d(2 * width, width, 4, { stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(width),
      new ReLU(),
      new ConvTranspose2d(width, 1, 4, { stride: 2, padding: 1 }),
      new Tanh(),
    );
  }

  override forward(noise: Tensor): Tensor {
    return this.paint(this.project(noise.flatten(1)).view(-1, 2 * this.width, 7, 7));
  }
}

/** Images N×1×28×28 to logits N×1, higher for images taken for real: two strided convolutions, one Linear. */
export class DigitDiscriminator extends Module {
  layers: Sequential;

  constructor({ width = 16 }: DigitNetworkOptions = {}) {
    super();
    this.layers = new Sequential(
      new Conv2d(1, width, 4, { stride: 2, padding: 1 }),
      new LeakyReLU(0.2),
      new Conv2d(width, 2 * width, 4, { stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(2 * width),
      new LeakyReLU(0.2),
      new Flatten(),
      new Linear(2 * width * 7 * 7, 1),
    );
  }

  override forward(images: Tensor): Tensor {
    return this.layers(images);
  }
}
