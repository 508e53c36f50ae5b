/** Multilayer perceptrons that know classes: the smallest pair that document 1's training takes. */
import { cat, type Tensor } from 'isotorch';
import { BatchNorm1d, Embedding, LeakyReLU, Linear, Module, Sequential, type Layer } from 'isotorch/nn';
import {
  type ImageShape,
  paintingLayers,
  pixels,
  type SimpleDiscriminatorOptions,
  type SimpleGeneratorOptions,
} from './plain';

/** Options of `ConditionalGenerator`. */
export interface ConditionalGeneratorOptions extends SimpleGeneratorOptions {
  /** Number of classes. Default 10. */
  category_num?: number;
}

/** Options of `ConditionalDiscriminator`. */
export interface ConditionalDiscriminatorOptions extends SimpleDiscriminatorOptions {
  /** Number of classes. Default 10. */
  category_num?: number;
}

/**
 * Noise N×latent_dim and labels N (int64) to images N×C×H×W in (−1, 1); the label's embedding, of category_num numbers, stands
 * before the noise (Mirza and Osindero 2014, https://arxiv.org/abs/1411.1784).
 */
export class ConditionalGenerator extends Module {
  readonly image_shape: ImageShape;
  label_emb: Embedding;
  model: Sequential;

  constructor(options: ConditionalGeneratorOptions = {}) {
    super();
    const { latent_dim = 100, image_shape = [1, 28, 28], widths = [128, 256, 512, 1024] } = options;
    const { category_num = 10, eps = 1e-5 } = options;
    this.image_shape = image_shape;
    this.label_emb = new Embedding(category_num, category_num);
    this.model = paintingLayers(latent_dim + category_num, widths, pixels(image_shape), eps);
  }

  override forward(noise: Tensor, labels: Tensor): Tensor {
    const input = cat([this.label_emb(labels), noise], -1);
    return this.model(input).view(noise.size(0), ...this.image_shape);
  }
}

/** Images N×C×H×W to two kinds of logits: real or not, N×1, and the class, N×category_num. */
export class ConditionalDiscriminator extends Module {
  model: Sequential;
  binary: Linear;
  category: Linear;

  constructor(options: ConditionalDiscriminatorOptions = {}) {
    super();
    const { image_shape = [1, 28, 28], widths = [512, 256], category_num = 10 } = options;
    const layers: Layer[] = [];
    let before = pixels(image_shape);
    for (const [index, width] of widths.entries()) {
      layers.push(new Linear(before, width));
      if (index > 0) layers.push(new BatchNorm1d(width));
      layers.push(new LeakyReLU(0.2, true));
      before = width;
    }
    this.model = new Sequential(...layers);
    this.binary = new Linear(before, 1);
    this.category = new Linear(before, category_num);
  }

  override forward(images: Tensor): [logits: Tensor, category_logits: Tensor] {
    const features = this.model(images.flatten(1));
    return [this.binary(features), this.category(features)];
  }
}
