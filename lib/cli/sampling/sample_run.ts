/** `isotorch sample`: pictures of a run's model as it was at a snapshot. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cat, full_like, keep, nn, no_grad, scope, type Tensor } from 'isotorch';
import { save_image } from '../../io';
import {
  createRunFolder,
  makeFolders,
  networksOf,
  type OpenedTraining,
  OptionError,
  readOptionTable,
  type SampleOptions,
  type Samples,
  writeJson,
} from '../../train';
import { openSnapshot } from '../open_snapshot';
import type { SnapshotChoice } from '../recipe_options';
import { UserError } from '../user_error';
import { animate, AnimationUnavailable } from './animate';
import { latentsBetween, latentsOf } from './latents';
import { type SamplingOptions, samplingOptions, seedsOf } from './options';

/** What a drawing needs of the recipe. */
const NEEDS = {
  images: ['latents', 'images'],
  interpolation: ['latents', 'images'],
  mixing: ['latents', 'mix', 'images'],
  grid: ['grid'],
} as const satisfies Record<SamplingOptions['draw'], readonly (keyof Samples)[]>;

/** Refuses a drawing for which the recipe has no means. @throws UserError saying what it can draw */
function samplesFor(draw: SamplingOptions['draw'], { recipe, training }: OpenedTraining): Required<Samples> {
  const { samples } = training;
  if (samples === undefined) throw new UserError(`the recipe ${recipe.name} draws no samples.`);
  const missing = NEEDS[draw].filter((name) => samples[name] === undefined);
  if (missing.length === 0) return samples as Required<Samples>;
  const kinds = Object.keys(NEEDS) as SamplingOptions['draw'][];
  const able = kinds.filter((kind) => NEEDS[kind].every((name) => samples[name] !== undefined));
  throw new UserError(
    `the recipe ${recipe.name} cannot draw ${draw}: it has no ${missing.join(' and no ')}. It can draw: --draw ${able.join(', ')}.`,
  );
}

/** More images than this are not also shown in one picture. */
const MOST_IN_GRID = 256;

/** What was drawn. */
interface Drawn {
  /** Names of files, in words. */
  readonly what: string;
  /** Frames of an animated picture that is still to be made. */
  readonly frames?: readonly string[];
}

/** Whether BatchNorm has a say in what a training draws. */
const hasBatchNorm = ({ training }: OpenedTraining): boolean =>
  Object.values(networksOf(training)).some((network) =>
    [...network.modules()].some((layer) => layer instanceof nn.modules.batchnorm._BatchNorm),
  );

/** What is said of how images were drawn. @throws UserError where an option has nothing to act on */
function manner(opened: OpenedTraining, options: SamplingOptions): string | undefined {
  const { draw, batchnorm, truncation, seeds } = options;
  if (draw === 'grid') return undefined;
  const { name } = opened.recipe;
  const [norms, own] = [hasBatchNorm(opened), opened.training.samples?.truncation];
  if (!norms && batchnorm !== 'eval') {
    throw new UserError(`option '--batchnorm': the networks of ${name} have no BatchNorm. Leave it out.`);
  }
  if (own === undefined && truncation >= 0) {
    throw new UserError(`option '--truncation': ${name} has no styles to truncate. Leave it out.`);
  }
  const { condition } = opened.training.samples ?? {};
  const kept = draw === 'interpolation' && condition !== undefined;
  const said = [
    ...(kept ? [`The ${condition.name} is that of seed ${seedsOf(seeds)![0]}.`] : []),
    norms ? `BatchNorm: ${batchnorm}.` : 'There is no BatchNorm.',
  ].join(' ');
  if (own === undefined) return said;
  return `${said} Truncation: ${truncation < 0 ? `${own}, as the run's options say` : truncation}.`;
}

/** Draws into a folder. */
class Drawing {
  constructor(
    private readonly samples: Required<Samples>,
    private readonly options: SamplingOptions,
    private readonly folder: string,
  ) {}

  draw(): Drawn {
    switch (this.options.draw) {
      case 'images':
        return this.images();
      case 'interpolation':
        return this.interpolation();
      case 'mixing':
        return this.mixing();
      case 'grid':
        this.save(this.samples.grid(), 'grid.png', this.samples.columns);
        return { what: 'grid.png, as the training draws it,' };
    }
  }

  private images(): Drawn {
    const seeds = seedsOf(this.options.seeds)!;
    const inGrid: Tensor[] = [];
    this.each(latentsOf(seeds, this.samples), (image, index) => {
      this.save(image, `seed${String(seeds[index]).padStart(4, '0')}.png`, 1);
      if (seeds.length <= MOST_IN_GRID) inGrid.push(keep(image.clone()));
    });
    if (inGrid.length === 0) return { what: `${seeds.length} images` };
    this.save(cat(inGrid), 'grid.png', Math.ceil(Math.sqrt(seeds.length)));
    return { what: `${seeds.length} images and grid.png` };
  }

  private interpolation(): Drawn {
    const { seeds, frames, path, format } = this.options;
    const latents = latentsOf(seedsOf(seeds)!, this.samples);
    const fixed = this.samples.condition?.size ?? 0;
    makeFolders(join(this.folder, 'frames'));
    const names: string[] = [];
    this.each(latentsBetween(latents, { frames, path, fixed }), (image, index) => {
      const name = join('frames', `${String(index).padStart(5, '0')}.png`);
      this.save(image, name, 1);
      names.push(join(this.folder, name));
    });
    return { what: `${names.length} frames and interpolation.${format}`, frames: names };
  }

  private mixing(): Drawn {
    const [rows, columns] = [this.options.rows, this.options.columns].map((seeds) =>
      latentsOf(seedsOf(seeds)!, this.samples),
    ) as [Tensor, Tensor];
    const [left, top] = [rows, columns].map((latents) => this.samples.images(latents, this.how)) as [Tensor, Tensor];
    const mixed = this.samples.mix(rows, columns, this.how);
    const white = full_like(left.narrow(0, 0, 1), this.samples.range[1]);
    const across = top.size(0);
    const lines = [...Array(left.size(0)).keys()].flatMap((row) => [
      left.narrow(0, row, 1),
      mixed.narrow(0, row * across, across),
    ]);
    this.save(cat([white, top, ...lines]), 'mixing.png', across + 1);
    return { what: 'mixing.png, coarse styles from the left and fine ones from above,' };
  }

  private get how(): SampleOptions {
    const { truncation, batchnorm } = this.options;
    return { batchnorm, ...(truncation >= 0 && { truncation }) };
  }

  /** Draws latents, a batch at a time, and gives each image, 1×C×H×W, away. */
  private each(latents: Tensor, use: (image: Tensor, index: number) => void): void {
    let index = 0;
    for (const part of latents.split(this.options.batch)) {
      scope(() => {
        for (const image of this.samples.images(part, this.how).split(1)) use(image, index++);
      });
    }
  }

  private save(images: Tensor, name: string, columns: number): void {
    const [black, white] = this.samples.range;
    save_image(images, join(this.folder, name), { normalize: true, value_range: [black, white], nrow: columns });
  }
}

/** The folder to draw into. @throws UserError where one was named that is not empty */
function drawingFolder(run: string, draw: string, step: number, out: string | undefined): string {
  if (out === undefined) return createRunFolder(join(run, 'drawn'), `step-${step}-${draw}`);
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UserError(`option '--out': ${out} is not empty: choose another folder, or empty it.`);
  }
  makeFolders(out);
  return out;
}

/** Makes the animated picture, where the package for it is there. */
async function animated({ what, frames }: Drawn, folder: string, { fps, format }: SamplingOptions): Promise<string> {
  if (frames === undefined) return what;
  try {
    await animate(frames, join(folder, `interpolation.${format}`), fps, format);
    return what;
  } catch (error) {
    if (!(error instanceof AnimationUnavailable)) throw error;
    console.error(`Note: ${error.message}.`);
    return `${frames.length} frames`;
  }
}

/** Draws from a run. @throws UserError, RunFailure */
export async function sampleRun(
  run: string,
  given: Readonly<Record<string, unknown>>,
  choice: SnapshotChoice,
  out: string | undefined,
): Promise<void> {
  try {
    const options = readOptionTable(samplingOptions, given);
    const { opened, step } = await openSnapshot(run, choice);
    const samples = samplesFor(options.draw, opened);
    const how = manner(opened, options);
    const folder = drawingFolder(run, options.draw, step, out);
    const drawn = scope(() => no_grad(() => new Drawing(samples, options, folder).draw()));
    const what = await animated(drawn, folder, options);
    writeJson(join(folder, 'drawn.json'), { recipe: opened.recipe.name, step, ...options });
    console.log(`${opened.recipe.name}, step ${step}: wrote ${what} into ${folder}.`);
    if (how !== undefined) console.log(how);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}
