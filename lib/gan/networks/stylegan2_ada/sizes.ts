/** Sizes that both networks have. */
import { levelsOf } from '../sizes';

/** What the generator and the discriminator have in common. */
export interface StyleGAN2ADASizes {
  /** Height and width of the images, a power of two. */
  img_resolution: number;
  /** Channels of the images. Default 3. */
  img_channels?: number;
  /** Channels at a resolution: min(channel_base / resolution, channel_max). Default 32768; 16384 in the paper's 256². */
  channel_base?: number;
  /** The most channels of any layer. Default 512. */
  channel_max?: number;
  /** Outputs of convolutions are kept within ± this; 256 where the original trains with half precision. Default null: they are not. */
  conv_clamp?: number | null;
}

/** Resolutions from `from` up to the images': 4, 8, 16, … */
export function resolutions(network: string, { img_resolution }: StyleGAN2ADASizes, from: number): number[] {
  const levels = levelsOf(network, img_resolution, from, 'img_resolution');
  const first = Math.log2(from);
  return Array.from({ length: levels - first + 1 }, (_, i) => from * 2 ** i);
}

/** Channels at a resolution. */
export function channels_at(
  resolution: number,
  { channel_base = 32768, channel_max = 512 }: StyleGAN2ADASizes,
): number {
  return Math.min(Math.floor(channel_base / resolution), channel_max);
}
