/** The networks of kaonashi's zi2zi, the TensorFlow original. */
import { cat, type Tensor, ValueError } from 'isotorch';
import { BatchNorm2d, type Conv2d, type ConvTranspose2d, Embedding, Linear, Module } from 'isotorch/nn';
import { dropout, leaky_relu, relu } from 'isotorch/nn/functional';
import { levelsOf } from '../sizes';
import type { Zi2ziDiscriminatorOptions } from './discriminator';
import type { Zi2ziGeneratorOptions } from './generator';
import { stylesOf } from './styles';
import { doubled, doubling, halved, halving, keeping } from './tensorflow_layers';

/** Feature maps of the outermost layer times this, from one level to the next. */
const WIDTHS = [1, 2, 4, 8] as const;
const widthAt = (level: number): number => WIDTHS[Math.min(level, WIDTHS.length) - 1]!;
/** Decoding layers with dropout, from the innermost one. */
const DROPOUTS = 3;

/**
 * A U-Net like `Zi2ziGenerator`, as the original has it: kernels of 5×5, biases in all convolutions, BatchNorm also innermost,
 * dropout in the three innermost decoding layers, concatenated [up, skip] and [encoding, style]. Layers have the original's names
 * (`g_e1_conv`, `g_e2_bn`, `g_d1_deconv`). Weights are drawn by `zi2zi_tensorflow_init`.
 *
 * Images N×C×size×size and styles (labels or numbers) to [images in (−1, 1), encodings N×8·ngf]; size is a power of two from 32 on.
 * While training a batch has two images or more. At the defaults 86,666,307 parameters.
 */
export class Zi2ziTensorFlowGenerator extends Module {
  readonly image_size: number;
  private readonly levels: number;
  private readonly use_dropout: boolean;
  embedder: Embedding;

  constructor(options: Zi2ziGeneratorOptions = {}) {
    super();
    const { input_nc = 3, output_nc = input_nc, image_size = 256, ngf = 64 } = options;
    const { embedding_num = 40, embedding_dim = 128, use_dropout = true } = options;
    this.levels = levelsOf('Zi2ziTensorFlowGenerator', image_size, 32);
    this.image_size = image_size;
    this.use_dropout = use_dropout;
    const maps = (level: number): number => (level === 0 ? output_nc : widthAt(level) * ngf);
    this.embedder = new Embedding(embedding_num, embedding_dim);
    for (let level = 1; level <= this.levels; level++) {
      this.add_module(`g_e${level}_conv`, halving(level === 1 ? input_nc : maps(level - 1), maps(level)));
      if (level > 1) this.add_module(`g_e${level}_bn`, new BatchNorm2d(maps(level)));
    }
    for (let step = 1; step <= this.levels; step++) {
      const level = this.levels - step;
      const before = maps(level + 1) + (step === 1 ? embedding_dim : maps(level + 1));
      this.add_module(`g_d${step}_deconv`, doubling(before, maps(level)));
      if (level > 0) this.add_module(`g_d${step}_bn`, new BatchNorm2d(maps(level)));
    }
  }

  private conv(level: number, x: Tensor): Tensor {
    return halved(this.get_submodule(`g_e${level}_conv`) as Conv2d, x);
  }

  private deconv(step: number, x: Tensor): Tensor {
    return doubled(this.get_submodule(`g_d${step}_deconv`) as ConvTranspose2d, x);
  }

  private norm(name: string, x: Tensor): Tensor {
    return (this.get_submodule(name) as BatchNorm2d)(x);
  }

  /** What every level sees, from the outermost one. */
  private encodings(images: Tensor): Tensor[] {
    const seen = [this.conv(1, images)];
    for (let level = 2; level <= this.levels; level++) {
      seen.push(this.norm(`g_e${level}_bn`, this.conv(level, leaky_relu(seen.at(-1)!, 0.2))));
    }
    return seen;
  }

  override forward(images: Tensor, style: Tensor): [images: Tensor, encoding: Tensor] {
    const styles = stylesOf('Zi2ziTensorFlowGenerator', style, this.embedder);
    const seen = this.encodings(images);
    const innermost = seen.at(-1)!;
    let x = cat([innermost, styles.unsqueeze(-1).unsqueeze(-1)], 1);
    for (let step = 1; step < this.levels; step++) {
      x = this.norm(`g_d${step}_bn`, this.deconv(step, relu(x)));
      if (this.use_dropout && step <= DROPOUTS) x = dropout(x, 0.5, this.training);
      x = cat([x, seen[this.levels - step - 1]!], 1);
    }
    return [this.deconv(this.levels, relu(x)).tanh(), innermost.flatten(1)];
  }

  /** The encoder's half alone: images to encodings N×8·ngf. */
  encode(images: Tensor): Tensor {
    return this.encodings(images).at(-1)!.flatten(1);
  }
}

/** Options of `Zi2ziTensorFlowDiscriminator`; `image_size` is a multiple of 8. */
export type Zi2ziTensorFlowDiscriminatorOptions = Pick<
  Zi2ziDiscriminatorOptions,
  'input_nc' | 'embedding_num' | 'ndf' | 'image_size'
>;

/**
 * Pairs N×input_nc×size×size to two kinds of logits, as `Zi2ziDiscriminator`, but from all feature maps of the last convolution. Layers
 * have the original's names (`d_h0_conv`, `d_bn_1`, `d_fc1`). At the defaults 25,809,001 parameters.
 */
export class Zi2ziTensorFlowDiscriminator extends Module {
  d_h0_conv: Conv2d;
  d_h1_conv: Conv2d;
  d_bn_1: BatchNorm2d;
  d_h2_conv: Conv2d;
  d_bn_2: BatchNorm2d;
  d_h3_conv: Conv2d;
  d_bn_3: BatchNorm2d;
  d_fc1: Linear;
  d_fc2: Linear;

  constructor(options: Zi2ziTensorFlowDiscriminatorOptions = {}) {
    super();
    const { input_nc = 6, embedding_num = 40, ndf = 64, image_size = 256 } = options;
    if (!(image_size > 0 && image_size % 8 === 0)) {
      throw new ValueError(
        `Zi2ziTensorFlowDiscriminator: image_size must be a multiple of 8, but is ${image_size}; resize the images, or pad them`,
      );
    }
    this.d_h0_conv = halving(input_nc, ndf);
    this.d_h1_conv = halving(ndf, 2 * ndf);
    this.d_bn_1 = new BatchNorm2d(2 * ndf);
    this.d_h2_conv = halving(2 * ndf, 4 * ndf);
    this.d_bn_2 = new BatchNorm2d(4 * ndf);
    this.d_h3_conv = keeping(4 * ndf, 8 * ndf);
    this.d_bn_3 = new BatchNorm2d(8 * ndf);
    const features = 8 * ndf * (image_size / 8) ** 2;
    this.d_fc1 = new Linear(features, 1);
    this.d_fc2 = new Linear(features, embedding_num);
  }

  override forward(pairs: Tensor): [logits: Tensor, category_logits: Tensor] {
    const h0 = leaky_relu(halved(this.d_h0_conv, pairs), 0.2);
    const h1 = leaky_relu(this.d_bn_1(halved(this.d_h1_conv, h0)), 0.2);
    const h2 = leaky_relu(this.d_bn_2(halved(this.d_h2_conv, h1)), 0.2);
    const h3 = leaky_relu(this.d_bn_3(this.d_h3_conv(h2)), 0.2).flatten(1);
    return [this.d_fc1(h3), this.d_fc2(h3)];
  }
}
