/** Options of `isotorch sample`. */
import { choice, number, type Option, type OptionsOf, whole } from '../../train/options';

/** More are no picture that anybody looks at. */
const MOST_SEEDS = 10_000;

/** Seeds, as `0-3,7` says them; undefined where that says none. */
export function seedsOf(text: string): number[] | undefined {
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d{1,15})(?:-(\d{1,15}))?\s*$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) return undefined;
    if (seeds.length + Number(last) - Number(first) >= MOST_SEEDS) return undefined;
    for (let seed = Number(first); seed <= Number(last); seed++) seeds.push(seed);
  }
  return seeds;
}

interface SeedDetails {
  about: string;
  only: Readonly<Record<string, readonly string[]>>;
}

function seeds(fallback: string, details: SeedDetails): Option<string> {
  const parse = (text: string) => (seedsOf(text) === undefined ? undefined : text);
  const allows = (value: unknown) => typeof value === 'string' && seedsOf(value) !== undefined;
  return { fallback, takes: 'seeds such as 0-3,7', parse, allows, ...details };
}

const OF_SEEDS = { draw: ['images', 'interpolation'] } as const;
const OF_LATENTS = { draw: ['images', 'interpolation', 'mixing'] } as const;
const OF_MIXING = { draw: ['mixing'] } as const;
const OF_FRAMES = { draw: ['interpolation'] } as const;

/** What is drawn, and how. */
export const samplingOptions = {
  draw: choice(['images', 'interpolation', 'mixing', 'grid'], 'images', {
    about:
      'images of seeds; frames and an animated picture between their latents; the styles of some seeds on others; or the picture that the training draws',
  }),
  seeds: seeds('0-15', { about: 'seeds of the latents, each a generator of its own', only: OF_SEEDS }),
  rows: seeds('0-3', { about: 'seeds that give the coarse styles', only: OF_MIXING }),
  columns: seeds('4-9', { about: 'seeds that give the fine styles', only: OF_MIXING }),
  truncation: number(-1, {
    least: -1,
    most: 1,
    about: "how far from the mean style; 1 leaves styles as they are, -1 takes the run's own",
    only: OF_LATENTS,
  }),
  batchnorm: choice(['eval', 'train', 'standing'], 'eval', {
    about: 'BatchNorm by its running statistics, by those of the batch, or by some taken anew from many samples',
    only: OF_LATENTS,
  }),
  batch: whole(16, { least: 1, most: 4096, about: 'images computed at once', only: OF_LATENTS }),
  frames: whole(24, { least: 1, most: 1000, about: 'frames from one seed to the next', only: OF_FRAMES }),
  fps: whole(20, { least: 1, most: 50, about: 'frames shown in a second', only: OF_FRAMES }),
  path: choice(['spherical', 'linear'], 'spherical', { about: 'way between two latents', only: OF_FRAMES }),
  format: choice(['gif', 'webp'], 'gif', {
    about: 'animated picture: gif has 256 colours, webp loses nothing',
    only: OF_FRAMES,
  }),
} as const;

/** Values of these options. */
export type SamplingOptions = OptionsOf<typeof samplingOptions>;
