/** zi2zi's U-Net with a style embedding, as in EuphoriaYan's and xuan-li's ports, whose checkpoints load. */
import { cat, type Tensor } from 'isotorch';
import {
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  Embedding,
  LeakyReLU,
  Module,
  ReLU,
  Sequential,
  Tanh,
} from 'isotorch/nn';
import { levelsOf } from '../sizes';
import { stylesOf } from './styles';

/** Options of `Zi2ziGenerator`. */
export interface Zi2ziGeneratorOptions {
  /** Channels of the images that go in. Default 3. */
  input_nc?: number;
  /** Channels of the images that come out. Default `input_nc`. */
  output_nc?: number;
  /** A power of two, 32 or more; each halving less than 256 leaves out one of the inner blocks. Default 256. */
  image_size?: number;
  /** Feature maps of the outermost layer; inner ones have up to eight times as many. Default 64. */
  ngf?: number;
  /** Number of styles. Default 40. */
  embedding_num?: number;
  /** Numbers that describe a style. Default 128. */
  embedding_dim?: number;
  /** Whether the inner blocks have Dropout(0.5). The ports build networks for inference without. Default true. */
  use_dropout?: boolean;
}

/** Where a block stands, and how many feature maps it has outside and inside. */
interface BlockOptions {
  outer_nc: number;
  inner_nc: number;
  submodule: Zi2ziBlock | null;
  /** Channels of the images, for the outermost block. */
  input_nc?: number;
  /** Numbers of style, for the innermost block. */
  embedding_dim?: number;
  use_dropout?: boolean;
}

/** One halving of the image, what happens at the smaller size, and the doubling. Skip connections come first: [x, up]. */
class Zi2ziBlock extends Module {
  readonly outermost: boolean;
  submodule: Zi2ziBlock | null;
  down: Sequential;
  up: Sequential;

  constructor({ outer_nc, inner_nc, submodule, input_nc, embedding_dim, use_dropout = false }: BlockOptions) {
    super();
    this.outermost = input_nc !== undefined;
    const step = { stride: 2, padding: 1, bias: false };
    const down = new Conv2d(input_nc ?? outer_nc, inner_nc, 4, step);
    const before = inner_nc + (embedding_dim ?? inner_nc);
    const up = new ConvTranspose2d(before, outer_nc, 4, { ...step, bias: this.outermost });
    this.submodule = submodule;
    if (this.outermost) {
      this.down = new Sequential(down);
      this.up = new Sequential(new ReLU(true), up, new Tanh());
    } else {
      const shrunk = submodule === null ? [] : [new BatchNorm2d(inner_nc)];
      const dropout = use_dropout ? [new Dropout(0.5)] : [];
      this.down = new Sequential(new LeakyReLU(0.2, true), down, ...shrunk);
      this.up = new Sequential(new ReLU(true), up, new BatchNorm2d(outer_nc), ...dropout);
    }
  }

  override forward(x: Tensor, style: Tensor): [output: Tensor, encoding: Tensor] {
    const smaller = this.down(x);
    if (this.submodule === null) {
      const inner = cat([style.view(style.size(0), style.size(1), 1, 1), smaller], 1);
      return [cat([x, this.up(inner)], 1), smaller.view(x.size(0), -1)];
    }
    const [inner, encoding] = this.submodule(smaller, style);
    const output = this.up(inner);
    return [this.outermost ? output : cat([x, output], 1), encoding];
  }

  /** What the innermost block sees, N×C×1×1. */
  encode(x: Tensor): Tensor {
    const smaller = this.down(x);
    return this.submodule === null ? smaller : this.submodule.encode(smaller);
  }
}

/**
 * Images N×C×size×size and styles to [images in (−1, 1), encodings N×8·ngf]. Styles are labels N (int64), which are looked up in
 * the embedding, or N×embedding_dim of their own, for example halfway between two. The ports draw the
 * weights by `normal_init`, which leaves the embedding N(0, 1).
 *
 * At the defaults and one channel 55,461,505 parameters.
 */
export class Zi2ziGenerator extends Module {
  readonly image_size: number;
  model: Zi2ziBlock;
  embedder: Embedding;

  constructor(options: Zi2ziGeneratorOptions = {}) {
    super();
    const { input_nc = 3, output_nc = input_nc, image_size = 256, ngf = 64 } = options;
    const { embedding_num = 40, embedding_dim = 128, use_dropout = true } = options;
    const downs = levelsOf('Zi2ziGenerator', image_size, 32);
    this.image_size = image_size;
    let block = new Zi2ziBlock({ outer_nc: 8 * ngf, inner_nc: 8 * ngf, submodule: null, embedding_dim });
    for (let i = 0; i < downs - 5; i++) {
      block = new Zi2ziBlock({ outer_nc: 8 * ngf, inner_nc: 8 * ngf, submodule: block, use_dropout });
    }
    for (const outer_nc of [4 * ngf, 2 * ngf, ngf]) {
      block = new Zi2ziBlock({ outer_nc, inner_nc: 2 * outer_nc, submodule: block });
    }
    this.model = new Zi2ziBlock({ outer_nc: output_nc, inner_nc: ngf, input_nc, submodule: block });
    this.embedder = new Embedding(embedding_num, embedding_dim);
  }

  override forward(images: Tensor, style: Tensor): [images: Tensor, encoding: Tensor] {
    return this.model(images, stylesOf('Zi2ziGenerator', style, this.embedder));
  }

  /** The encoder's half alone: images to encodings N×8·ngf (the ports call the generator without a style for it). */
  encode(images: Tensor): Tensor {
    return this.model.encode(images).view(images.size(0), -1);
  }
}
