/** Sizes that StyleGAN's networks share. */
import { type Tensor, ValueError } from 'isotorch';

/** Options of both networks. */
export interface StyleGANSizes {
  /** Height and width of the images: a power of two from 8 on. */
  resolution: number;
  /** Channels of the images. */
  num_channels?: number;
  /** Classes of the labels; 0 for none. */
  label_size?: number;
  /** Channels of stage s: min(fmap_base / 2ˢ, fmap_max). */
  fmap_base?: number;
  /** The most channels of any layer. */
  fmap_max?: number;
  /** Whether convolution and resampling are one operator: `auto` from 128×128 on, as the original. */
  fused_scale?: FusedScale;
}

/** `auto` fuses where the larger side of the resampling is at least 128×128. */
export type FusedScale = boolean | 'auto';

/** log₂ of a resolution. @throws ValueError where it is no power of two from 8 on */
export function resolution_log2(resolution: number): number {
  const log2 = 31 - Math.clz32(resolution);
  if (resolution !== 2 ** log2 || log2 < 3) {
    throw new ValueError(`resolution must be a power of two from 8 on, but got ${resolution}`);
  }
  return log2;
}

/** Channels of stage s, min(fmap_base / 2ˢ, fmap_max): 512 up to 32×32, 16 at 1024×1024 with the defaults. */
export function feature_maps(stage: number, { fmap_base = 8192, fmap_max = 512 }: Partial<StyleGANSizes>): number {
  return Math.min(Math.trunc(fmap_base / 2 ** stage), fmap_max);
}

/** Level of detail split into its whole part, at most `most`, and how far the next coarser level is faded in. */
export function split_lod(lod: number, most: number): { whole: number; fade: number } {
  if (!(lod >= 0)) throw new ValueError(`lod must be a number from 0 to ${most}, but got ${lod}`);
  const whole = Math.min(Math.floor(lod), most);
  return { whole, fade: whole < most ? lod - whole : 0 };
}

/** Checks labels against what a network was made for. @throws ValueError saying which labels it wants */
export function check_labels(name: string, labels: Tensor | null, label_size: number): void {
  if (label_size === 0 ? labels === null : labels?.ndim === 2 && labels.size(1) === label_size) return;
  const got = labels === null ? 'none' : `a tensor of shape ${labels.shape.join('×')}`;
  const wants = label_size === 0 ? 'takes no labels' : `wants one-hot labels N×${label_size}`;
  throw new ValueError(`${name} was made with label_size ${label_size}: it ${wants}, but got ${got}`);
}
