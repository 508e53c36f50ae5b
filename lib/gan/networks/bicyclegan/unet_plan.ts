/** What both U-Nets of BicycleGAN share: their options, and the channels of their levels. */
import type { BicycleActivation, BicycleNorm, BicycleUpsample } from './layers';

/** Options of BicycleGAN's generators; the names are the original's. */
export interface BicycleUnetOptions {
  /** Channels of the image given. */
  input_nc: number;
  /** Channels of the image made. */
  output_nc: number;
  /** Numbers of a latent code; 0 for none. */
  nz: number;
  /** Halvings; an image of 2^num_downs comes down to 1×1. */
  num_downs: number;
  /** Channels of the outermost level; the others have 2, 4 and then 8 times as many. */
  ngf?: number;
  norm?: BicycleNorm;
  nl?: BicycleActivation;
  /** Dropout ½ in the levels between the outer four and the innermost. */
  use_dropout?: boolean;
  upsample?: BicycleUpsample;
}

/** One level: what comes in from outside and goes out again, and what is inside. */
export interface UnetLevel {
  input_nc: number;
  outer_nc: number;
  inner_nc: number;
  place: 'outermost' | 'between' | 'innermost';
  norm: BicycleNorm;
  nl: BicycleActivation;
  dropout: boolean;
  upsample: BicycleUpsample;
}

/** The levels, innermost first, as they are made; `extra` channels come to the outermost input. */
export function unet_levels(options: BicycleUnetOptions, extra: number): UnetLevel[] {
  const { input_nc, output_nc, num_downs, ngf = 64, norm = 'instance', nl = 'relu' } = options;
  const { use_dropout = false, upsample = 'basic' } = options;
  if (!Number.isSafeInteger(num_downs) || num_downs < 2) {
    throw new RangeError(`num_downs: a U-Net has 2 levels or more, not ${num_downs}`);
  }
  const width = (level: number): number => ngf * Math.min(2 ** level, 8);
  return Array.from({ length: num_downs }, (_, count) => {
    const level = num_downs - 1 - count;
    const outermost = level === 0;
    const place = outermost ? 'outermost' : count === 0 ? 'innermost' : 'between';
    return {
      input_nc: outermost ? input_nc + extra : width(level - 1),
      outer_nc: outermost ? output_nc : width(level - 1),
      inner_nc: width(level),
      place,
      norm,
      nl,
      dropout: use_dropout && place === 'between' && level > 3,
      upsample,
    };
  });
}
