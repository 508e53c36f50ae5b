/** zi2zi's discriminator of pairs, as in EuphoriaYan's and xuan-li's ports, whose checkpoints load. */
import { type Tensor, ValueError } from 'isotorch';
import {
  BatchNorm2d,
  Conv2d,
  InstanceNorm2d,
  LeakyReLU,
  Linear,
  Module,
  Sequential,
  utils,
  type Layer,
} from 'isotorch/nn';

/** Options of `Zi2ziDiscriminator`. */
export interface Zi2ziDiscriminatorOptions {
  /** Channels of source and target together. Default 6. */
  input_nc?: number;
  /** Number of styles. Default 40. */
  embedding_num?: number;
  /** Feature maps of the first layer; later ones have up to eight times as many. Default 64. */
  ndf?: number;
  /** Height and width of the images. Default 256. */
  image_size?: number;
  /**
   * 5: EuphoriaYan's, after TensorFlow's original, three halvings; 4: xuan-li's, four halvings, for images from 48 on. Default 5.
   */
  kernel_size?: 4 | 5;
  /** `'instance'` is max32002's, without parameters of its own; convolutions then have biases. Default `'batch'`. */
  norm?: 'batch' | 'instance';
  /** Spectral normalisation of all convolutions and linear layers, which is max32002's on request. Default false. */
  spectral_norm?: boolean;
}

const { spectral_norm } = utils;

/** Output size of one convolution. */
const after = (size: number, kernel: number, padding: number, stride: number): number =>
  Math.floor((size + 2 * padding - kernel) / stride) + 1;

/**
 * Pairs N×input_nc×size×size (source and target, or source and fake, concatenated by channels) to two kinds of logits: real or
 * not, N×1, and the style, N×embedding_num. The layer of the latter is named `catagory`, as the ports spell it in their checkpoints.
 *
 * At the defaults and one channel each 4,360,682 parameters.
 */
export class Zi2ziDiscriminator extends Module {
  model: Sequential;
  binary: Linear;
  catagory: Linear;

  constructor(options: Zi2ziDiscriminatorOptions = {}) {
    super();
    const { input_nc = 6, embedding_num = 40, ndf = 64, image_size = 256, kernel_size = 5, norm = 'batch' } = options;
    const limited = <Part extends Module>(part: Part): Part => (options.spectral_norm ? spectral_norm(part) : part);
    const padding = kernel_size === 5 ? 2 : 1;
    const halvings = kernel_size === 5 ? [1, 2, 4] : [1, 2, 4, 8];
    const layers: Layer[] = [];
    let [maps, size] = [input_nc, image_size];
    const convolve = (next: number, stride: number, bias: boolean): void => {
      layers.push(limited(new Conv2d(maps, next, kernel_size, { stride, padding, bias })));
      [maps, size] = [next, after(size, kernel_size, padding, stride)];
    };
    const normalise = (): void => {
      layers.push(norm === 'batch' ? new BatchNorm2d(maps) : new InstanceNorm2d(maps), new LeakyReLU(0.2, true));
    };
    convolve(ndf, 2, true);
    layers.push(new LeakyReLU(0.2, true));
    for (const times of halvings.slice(1)) {
      convolve(times * ndf, 2, norm === 'instance');
      normalise();
    }
    convolve(8 * ndf, 1, norm === 'instance');
    normalise();
    convolve(1, 1, true);
    if (size < 1) {
      throw new ValueError(
        `Zi2ziDiscriminator: nothing is left of images of ${image_size} after ${halvings.length} halvings; ` +
          `image_size must be larger${kernel_size === 4 ? ', or kernel_size 5' : ''}`,
      );
    }
    this.model = new Sequential(...layers);
    this.binary = limited(new Linear(size ** 2, 1));
    this.catagory = limited(new Linear(size ** 2, embedding_num));
  }

  override forward(pairs: Tensor): [logits: Tensor, category_logits: Tensor] {
    const features = this.model(pairs).view(pairs.size(0), -1);
    return [this.binary(features), this.catagory(features)];
  }
}
