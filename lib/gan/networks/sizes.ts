/** What image sizes networks take. */
import { ValueError } from 'isotorch';

/** log2 of an image size. @throws ValueError naming the network and the option where the size is no power of two, or under `least`. */
export function levelsOf(network: string, image_size: number, least: number, option = 'image_size'): number {
  const levels = 31 - Math.clz32(image_size);
  if (Number.isInteger(image_size) && image_size >= least && image_size === 2 ** levels) return levels;
  throw new ValueError(
    `${network}: ${option} must be a power of two, ${least} or more, but is ${image_size}; resize the images, or pad them`,
  );
}
