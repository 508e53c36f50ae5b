/** DCGAN that knows classes: for document 1's training on images that perceptrons draw badly. */
import { cat, type Tensor } from 'isotorch';
import { Conv2d, Embedding, Module, Sequential } from 'isotorch/nn';
import { type DCGANDiscriminatorOptions, type DCGANGeneratorOptions, growingLayers, shrinkingLayers } from './plain';

/** Options of `ConditionalDCGANGenerator`. */
export interface ConditionalDCGANGeneratorOptions extends DCGANGeneratorOptions {
  /** Number of classes. Default 10. */
  category_num?: number;
}

/** Options of `ConditionalDCGANDiscriminator`. */
export interface ConditionalDCGANDiscriminatorOptions extends DCGANDiscriminatorOptions {
  /** Number of classes. Default 10. */
  category_num?: number;
}

/** Noise N×nz and labels N (int64) to images N×nc×size×size in (−1, 1); the label's embedding stands before the noise. */
export class ConditionalDCGANGenerator extends Module {
  label_emb: Embedding;
  main: Sequential;

  constructor(options: ConditionalDCGANGeneratorOptions = {}) {
    super();
    const { nz = 100, ngf = 64, nc = 3, image_size = 64, category_num = 10 } = options;
    this.label_emb = new Embedding(category_num, category_num);
    this.main = growingLayers(nz + category_num, ngf, nc, image_size);
  }

  override forward(noise: Tensor, labels: Tensor): Tensor {
    const input = cat([this.label_emb(labels), noise], 1);
    return this.main(input.view(noise.size(0), -1, 1, 1));
  }
}

/** Images N×nc×size×size to two kinds of logits: real or not, N×1, and the class, N×category_num. */
export class ConditionalDCGANDiscriminator extends Module {
  main: Sequential;
  binary: Conv2d;
  category: Conv2d;

  constructor(options: ConditionalDCGANDiscriminatorOptions = {}) {
    super();
    const { nc = 3, ndf = 64, image_size = 64, category_num = 10 } = options;
    const { layers, maps } = shrinkingLayers(nc, ndf, image_size);
    this.main = new Sequential(...layers);
    this.binary = new Conv2d(maps, 1, 4, { stride: 1, padding: 0, bias: false });
    this.category = new Conv2d(maps, category_num, 4, { stride: 1, padding: 0, bias: false });
  }

  override forward(images: Tensor): [logits: Tensor, category_logits: Tensor] {
    const features = this.main(images);
    return [this.binary(features).flatten(1), this.category(features).flatten(1)];
  }
}
