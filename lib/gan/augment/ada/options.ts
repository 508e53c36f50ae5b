/** What ADA's pipeline does: a multiplier of p for each change, and how far it goes (appendix B of the paper). */

/** Multipliers and sizes; every multiplier is 0, which leaves the change out, where nothing is said. */
export interface AdaOptions {
  /** Mirrors, at a vertical axis. */
  xflip?: number;
  /** Turns by quarters. */
  rotate90?: number;
  /** Moves by whole pixels. */
  xint?: number;
  /** Farthest move, in image sizes. */
  xint_max?: number;
  /** Scales both sides by 2^N(0, scale_std²). */
  scale?: number;
  /** Turns by any angle, before and after `aniso`. */
  rotate?: number;
  /** Stretches one side and shrinks the other by 2^N(0, aniso_std²). */
  aniso?: number;
  /** Moves by N(0, xfrac_std²) image sizes. */
  xfrac?: number;
  scale_std?: number;
  /** Largest angle, in half turns. */
  rotate_max?: number;
  aniso_std?: number;
  xfrac_std?: number;
  /** Adds N(0, brightness_std²). */
  brightness?: number;
  /** Multiplies by 2^N(0, contrast_std²). */
  contrast?: number;
  /** Mirrors colours at the plane across the grey axis. */
  lumaflip?: number;
  /** Turns colours around the grey axis. */
  hue?: number;
  /** Moves colours from the grey axis by 2^N(0, saturation_std²). */
  saturation?: number;
  brightness_std?: number;
  contrast_std?: number;
  /** Largest angle, in half turns. */
  hue_max?: number;
  saturation_std?: number;
  /** Amplifies each of four frequency bands by 2^N(0, imgfilter_std²). */
  imgfilter?: number;
  /** Multipliers of the bands, lowest first. */
  imgfilter_bands?: readonly number[];
  imgfilter_std?: number;
  /** Adds noise of standard deviation |N(0, noise_std²)|. */
  noise?: number;
  /** Blackens a square. */
  cutout?: number;
  noise_std?: number;
  /** Side of the square, in image sizes. */
  cutout_size?: number;
}

/** The options with nothing left open. */
export const ada_defaults: Required<AdaOptions> = {
  ...{ xflip: 0, rotate90: 0, xint: 0, xint_max: 0.125 },
  ...{ scale: 0, rotate: 0, aniso: 0, xfrac: 0, scale_std: 0.2, rotate_max: 1, aniso_std: 0.2, xfrac_std: 0.125 },
  ...{ brightness: 0, contrast: 0, lumaflip: 0, hue: 0, saturation: 0 },
  ...{ brightness_std: 0.2, contrast_std: 0.5, hue_max: 1, saturation_std: 1 },
  ...{ imgfilter: 0, imgfilter_bands: [1, 1, 1, 1], imgfilter_std: 1 },
  ...{ noise: 0, cutout: 0, noise_std: 0.1, cutout_size: 0.5 },
};

const blit = { xflip: 1, rotate90: 1, xint: 1 };
const geom = { scale: 1, rotate: 1, aniso: 1, xfrac: 1 };
const color = { brightness: 1, contrast: 1, lumaflip: 1, hue: 1, saturation: 1 };

/** Sets of changes by the paper's names; `bgc` (pixel blitting, geometry, colour) is the one it recommends. */
export const ada_pipelines = {
  blit,
  geom,
  color,
  filter: { imgfilter: 1 },
  noise: { noise: 1 },
  cutout: { cutout: 1 },
  bg: { ...blit, ...geom },
  bgc: { ...blit, ...geom, ...color },
  bgcf: { ...blit, ...geom, ...color, imgfilter: 1 },
  bgcfn: { ...blit, ...geom, ...color, imgfilter: 1, noise: 1 },
  bgcfnc: { ...blit, ...geom, ...color, imgfilter: 1, noise: 1, cutout: 1 },
} as const satisfies Record<string, AdaOptions>;

/** Name of a set of changes. */
export type AdaPipeline = keyof typeof ada_pipelines;
