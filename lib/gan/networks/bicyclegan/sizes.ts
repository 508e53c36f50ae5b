/** How many levels the networks have for images of a size. */

/** Whole k with 2^k = size. */
function levels(size: number, least: number): number {
  let power = 0;
  while (2 ** power < size) power++;
  if (2 ** power !== size || size < least) {
    throw new RangeError(`BicycleGAN's networks take square images of a power of two from ${least} on, not ${size}`);
  }
  return power;
}

/** What BicycleGAN's networks are made of for images of a size. */
export interface BicycleLevels {
  /** Halvings of the U-Net, down to 1×1: 8 at 256 (`unet_256`), 7 at 128 (`unet_128`). */
  num_downs: number;
  /** Halvings of an encoder, down to 8×8: 5 at 256 (`resnet_256`, `conv_256`), 4 at 128. */
  n_blocks: number;
  /** Strided layers of a discriminator: 3 at 256 (`basic_256_multi`), 2 below (`basic_128_multi`). */
  n_layers: number;
}

/**
 * The numbers of levels for square images of `size`, a power of two from 32 on. 128 and 256 are the original's;
 * the smaller ones continue its rule.
 */
export function bicycle_levels(size: number): BicycleLevels {
  const power = levels(size, 32);
  return { num_downs: power, n_blocks: power - 3, n_layers: size >= 256 ? 3 : 2 };
}
