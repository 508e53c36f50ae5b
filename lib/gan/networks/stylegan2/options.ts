/** Sizes of the networks, and what they have to be. */

/** What the generator and the discriminator have in common. */
export interface StyleGAN2ImageOptions {
  /** Height and width of the images: a power of two, at least 4. */
  image_size: number;
  /** Feature maps: the generator's last block has twice as many, the discriminator's first four times. Default 16. */
  network_capacity?: number;
  /** Whether images have a fourth channel. Default false. */
  transparent?: boolean;
  /** Numbers of the blocks that get attention. Counted from 1 at the full resolution. Default none. */
  attn_layers?: readonly number[];
  /** The most feature maps of a layer. Default 512. */
  fmap_max?: number;
}

/** Sizes of a `StyleGAN2Generator`. */
export interface StyleGAN2GeneratorOptions extends StyleGAN2ImageOptions {
  /** Numbers of a style. Default 512. */
  latent_dim?: number;
  /** Whether the 4×4 image that all starts from is made of the style instead of learnt. Default false. */
  no_const?: boolean;
}

/** Sizes of a `StyleGAN2Discriminator`. */
export interface StyleGAN2DiscriminatorOptions extends StyleGAN2ImageOptions {
  /** Numbers of the blocks whose output is quantised. Counted from 1 at the full resolution. Default none. */
  fq_layers?: readonly number[];
  /** Codes of each codebook. Default 256. */
  fq_dict_size?: number;
}

/** Blocks of a generator of that size: log2(image_size) − 1. */
export function numberOfLayers(image_size: number): number {
  const exponent = 31 - Math.clz32(image_size);
  if (!Number.isInteger(image_size) || image_size < 4 || 2 ** exponent !== image_size) {
    throw new RangeError(
      `image_size has to be a power of two, at least 4, not ${image_size}: 32, 64, 128, 256, 512, 1024`,
    );
  }
  return exponent - 1;
}

/** Refuses numbers of blocks that there are not. */
export function checkLayers(option: string, layers: readonly number[], blocks: number): void {
  for (const layer of layers) {
    if (Number.isInteger(layer) && layer >= 1 && layer <= blocks) continue;
    throw new RangeError(
      `${option}: there is no block ${layer}; they are counted from 1 (full resolution) to ${blocks}`,
    );
  }
}
