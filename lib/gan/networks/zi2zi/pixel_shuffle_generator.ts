/** max32002's generator of zi2zi: a U-Net that adds its skip connections, with PixelShuffle and self-attention; its checkpoints load. */
import { bmm, cat, type Tensor, ValueError, zeros } from 'isotorch';
import {
  BatchNorm2d,
  Conv2d,
  Dropout,
  Embedding,
  InstanceNorm2d,
  LeakyReLU,
  Module,
  Parameter,
  PixelShuffle,
  ReLU,
  Sequential,
  Tanh,
} from 'isotorch/nn';
import { math } from 'isotorch/python';
import { interpolate, softmax } from 'isotorch/nn/functional';
import type { Zi2ziGeneratorOptions } from './generator';
import { stylesOf } from './styles';

type Shared = 'output_nc' | 'ngf' | 'embedding_num' | 'embedding_dim' | 'use_dropout';

/** Options of `Zi2ziPixelShuffleGenerator`; those that are not here are as in `Zi2ziGenerator`. */
export interface Zi2ziPixelShuffleGeneratorOptions extends Pick<Zi2ziGeneratorOptions, Shared> {
  /** Channels of the images that go in. Default 1. */
  input_nc?: number;
  /** A multiple of 64. Default 256. */
  image_size?: number;
  /** `'instance'` has no parameters of its own; convolutions then have biases. Default `'instance'`. */
  norm?: 'batch' | 'instance';
}

/** Halvings where the size allows for them; the original has seven at 384, eight at 256. */
const MOST_HALVINGS = 8;
const LEAST_HALVINGS = 6;
/** Self-attention looks through an eighth of the feature maps of a block with at least four times as many. */
const LEAST_NGF = 2;

/** How often an image is halved. @throws ValueError where that is too seldom */
function halvingsOf(size: number): number {
  let halvings = 0;
  while (halvings < MOST_HALVINGS && size > 0 && size % 2 ** (halvings + 1) === 0) halvings++;
  if (halvings >= LEAST_HALVINGS) return halvings;
  throw new ValueError(
    `Zi2ziPixelShuffleGenerator: image_size must be a multiple of ${2 ** LEAST_HALVINGS}, but is ${size}; resize the images, or pad them`,
  );
}

/** x + γ · (values of all places, weighed by softmax(queryᵀ·key/√d)); γ begins at 0. */
class SelfAttention extends Module {
  query_conv: Conv2d;
  key_conv: Conv2d;
  value_conv: Conv2d;
  gamma: Parameter;

  constructor(maps: number) {
    super();
    const inner = Math.floor(maps / 8);
    this.query_conv = new Conv2d(maps, inner, 1);
    this.key_conv = new Conv2d(maps, inner, 1);
    this.value_conv = new Conv2d(maps, maps, 1);
    this.gamma = new Parameter(zeros(1));
  }

  override forward(x: Tensor): Tensor {
    const [N, maps, height, width] = x.shape as [number, number, number, number];
    const places = height * width;
    const query = this.query_conv(x).view(N, -1, places).permute(0, 2, 1);
    const key = this.key_conv(x).view(N, -1, places);
    const attention = softmax(bmm(query, key).div(math.sqrt(query.size(-1))), -1);
    const value = this.value_conv(x).view(N, maps, places);
    const out = bmm(value, attention.permute(0, 2, 1)).view(N, maps, height, width);
    return this.gamma.mul(out).add(x);
  }
}

/** What each block of the network is told. */
interface Common {
  norm: 'batch' | 'instance';
  embedding_dim: number;
}

/** Where a block stands, and how many feature maps it has outside and inside. */
interface BlockOptions {
  outer_nc: number;
  inner_nc: number;
  submodule: Block | null;
  /** Channels of the images, for the outermost block. */
  input_nc?: number;
  use_dropout?: boolean;
  self_attention?: boolean;
  /** Whether its smaller image is part of the encoding. */
  capture_second?: boolean;
}

/** What a block gives, and the feature maps of the encoding. */
type Passed = [output: Tensor, deepest: Tensor, second: Tensor | null];

/** One halving of the image, what happens at the smaller size, and the doubling, which is added to what came in. */
class Block extends Module {
  readonly outermost: boolean;
  readonly capture_second: boolean;
  att: SelfAttention | null = null;
  submodule: Block | null;
  down: Sequential;
  up: Sequential;

  constructor({ norm, embedding_dim }: Common, options: BlockOptions) {
    super();
    const { outer_nc, inner_nc, submodule, input_nc, use_dropout = false, self_attention = false } = options;
    this.outermost = input_nc !== undefined;
    this.capture_second = options.capture_second ?? false;
    const bias = norm === 'instance';
    const normalise = (maps: number) => (norm === 'batch' ? new BatchNorm2d(maps) : new InstanceNorm2d(maps));
    const down = new Conv2d(input_nc ?? outer_nc, inner_nc, 4, { stride: 2, padding: 1, bias });
    if (self_attention) this.att = new SelfAttention(inner_nc);
    const before = inner_nc + (submodule === null ? embedding_dim : 0);
    const up = new Conv2d(before, 4 * outer_nc, 3, { padding: 1, bias: bias || this.outermost });
    const larger = [new ReLU(true), up, new PixelShuffle(2)];
    this.submodule = submodule;
    if (this.outermost) {
      this.down = new Sequential(down);
      this.up = new Sequential(...larger, new Tanh());
      return;
    }
    const shrunk = submodule === null ? [] : [normalise(inner_nc)];
    this.down = new Sequential(new LeakyReLU(0.2, true), down, ...shrunk);
    this.up = new Sequential(...larger, normalise(outer_nc), ...(use_dropout ? [new Dropout(0.5)] : []));
  }

  private smaller(x: Tensor): Tensor {
    const smaller = this.down(x);
    return this.att === null ? smaller : this.att(smaller);
  }

  override forward(x: Tensor, style: Tensor): Passed {
    const smaller = this.smaller(x);
    if (this.submodule === null) {
      const everywhere = style
        .view(style.size(0), style.size(1), 1, 1)
        .expand(-1, -1, smaller.size(2), smaller.size(3));
      return [x.add(this.up(cat([everywhere, smaller], 1))), smaller, null];
    }
    const [inner, deepest, deeper] = this.submodule(smaller, style);
    const output = this.up(inner);
    return [this.outermost ? output : x.add(output), deepest, this.capture_second ? smaller : deeper];
  }

  /** The feature maps of the encoding alone. */
  encode(x: Tensor): [deepest: Tensor, second: Tensor | null] {
    const smaller = this.smaller(x);
    if (this.submodule === null) return [smaller, null];
    const [deepest, deeper] = this.submodule.encode(smaller);
    return [deepest, this.capture_second ? smaller : deeper];
  }
}

/** The deepest feature maps, with the second ones made as small as they are. */
function encodingOf(deepest: Tensor, second: Tensor): Tensor {
  const size = deepest.shape.slice(2);
  const small = second.shape.slice(2).join() === size.join() ? second : interpolate(second, { size, mode: 'nearest' });
  return cat([deepest, small], 1);
}

/**
 * Images N×C×size×size and styles to [images in (−1, 1), encodings N×16·ngf×h×w]. Styles are labels or numbers, as in
 * `Zi2ziGenerator`, and stand at every place of the innermost feature maps. An encoding is these feature maps, and beside them those
 * where the image has been halved five times, made as small by nearest interpolation. Self-attention is where the image has been halved
 * three and four times.
 *
 * At the defaults 66,262,918 parameters.
 */
export class Zi2ziPixelShuffleGenerator extends Module {
  readonly image_size: number;
  embedder: Embedding;
  model: Block;

  constructor(options: Zi2ziPixelShuffleGeneratorOptions = {}) {
    super();
    const { input_nc = 1, output_nc = input_nc, image_size = 256, ngf = 64 } = options;
    const { embedding_num = 40, embedding_dim = 128, norm = 'instance', use_dropout = true } = options;
    if (ngf < LEAST_NGF)
      throw new ValueError(`Zi2ziPixelShuffleGenerator: ngf must be ${LEAST_NGF} or more, but is ${ngf}`);
    const halvings = halvingsOf(image_size);
    const common = { norm, embedding_dim };
    this.image_size = image_size;
    this.embedder = new Embedding(embedding_num, embedding_dim);
    const wide = { outer_nc: 8 * ngf, inner_nc: 8 * ngf };
    let block = new Block(common, { ...wide, submodule: null });
    for (let left = halvings - LEAST_HALVINGS; left >= 0; left--) {
      block = new Block(common, { ...wide, submodule: block, use_dropout, capture_second: left === 0 });
    }
    block = new Block(common, { outer_nc: 4 * ngf, inner_nc: 8 * ngf, submodule: block, self_attention: true });
    block = new Block(common, { outer_nc: 2 * ngf, inner_nc: 4 * ngf, submodule: block, self_attention: true });
    block = new Block(common, { outer_nc: ngf, inner_nc: 2 * ngf, submodule: block });
    this.model = new Block(common, { outer_nc: output_nc, inner_nc: ngf, input_nc, submodule: block });
  }

  override forward(images: Tensor, style: Tensor): [images: Tensor, encoding: Tensor] {
    const [output, deepest, second] = this.model(images, stylesOf('Zi2ziPixelShuffleGenerator', style, this.embedder));
    return [output, encodingOf(deepest, second!)];
  }

  /** The encodings alone. */
  encode(images: Tensor): Tensor {
    const [deepest, second] = this.model.encode(images);
    return encodingOf(deepest, second!);
  }
}
