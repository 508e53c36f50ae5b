/** Document 4's experiment: one mode's training run, from its seed to its last picture. */
import { join } from 'node:path';
import { float64, Generator, manual_seed, no_grad, randn, scope, type Tensor } from 'isotorch';
import { BCEWithLogitsLoss } from 'isotorch/nn';
import { Adam } from 'isotorch/optim';
import type { DataLoader } from 'isotorch/utils/data';
import { save_file, save_image } from '../../io';
import type { DigitJudge, SampleFigures } from '../../metrics';
import {
  appendMetrics,
  type Interrupt,
  loadCheckpoint,
  makeFolders,
  type Position,
  type StepRecipe,
  readMetrics,
  rewindMetrics,
  RunFailure,
  RunningMeans,
  saveCheckpoint,
  showProgress,
  start,
  training,
} from '../../train';
import { DigitDiscriminator, DigitGenerator } from './networks';
import type { BatchMode } from './options';
import { discriminator_step, generator_step, type SplitJointGan } from './step';

/** The checkpoint in a mode's folder. */
export const checkpointFile = 'checkpoint.safetensors';
/** The metrics in a mode's folder. */
export const metricsFile = 'metrics.jsonl';
/** Steps between lines in the metrics file. */
const tick = 50;
/** Sample grids in a run, besides the one before the first step. */
const snapshots = 8;
/** Images in a grid. */
const gridSize = 64;
/** Images judged at each snapshot; the grid shows the first of them. */
const sampleCount = 1000;
const sampleSeed = 4;

/** One line of `metrics.jsonl`: means over the steps since the line before. */
export type SplitJointMetrics = {
  step: number;
  epoch: number;
  /** Training time so far, without interruptions. */
  seconds: number;
} & Partial<StepMeans> &
  Partial<SampleFigures>;

/** What every step is asked. */
export interface StepMeans {
  loss_discriminator: number;
  loss_generator: number;
  /** Fraction of real images that the discriminator takes for real, in its own step. */
  accuracy_real: number;
  /** Fraction of generated images that it takes for generated, in its own step. */
  accuracy_fake: number;
  /** Fraction of the same noise's images that it takes for real in the generator's step, where it sees no real ones. */
  fooled: number;
}

/** What a run is given. */
export interface SplitJointRun {
  mode: BatchMode;
  folder: string;
  seed: number;
  steps: number;
  device: string;
  loader: DataLoader<unknown, readonly Tensor[]>;
  judge: DigitJudge;
  interrupt: Interrupt;
}

/** Both networks and their optimizers, made in this order from the default generator. */
export function splitJointGan(mode: BatchMode, device: string): SplitJointGan {
  const generator = new DigitGenerator().to(device);
  const discriminator = new DigitDiscriminator().to(device);
  const betas: [number, number] = [0.5, 0.999];
  return {
    generator,
    discriminator,
    optimizer_generator: new Adam(generator.parameters(), { lr: 2e-3, betas }),
    optimizer_discriminator: new Adam(discriminator.parameters(), { lr: 1e-3, betas }),
    criterion: new BCEWithLogitsLoss(),
    mode,
  };
}

/** The document's step as a recipe; the batch's first tensor is the images. */
export function splitJointRecipe(gan: SplitJointGan): StepRecipe<readonly Tensor[]> {
  return {
    modules: { generator: gan.generator, discriminator: gan.discriminator },
    optimizers: { generator: gan.optimizer_generator, discriminator: gan.optimizer_discriminator },
    step([real]) {
      const d = discriminator_step(gan, real!);
      const g = generator_step(gan, d.noise);
      const fraction = (truth: Tensor) => truth.to(float64).mean();
      return {
        loss_discriminator: d.loss,
        loss_generator: g.loss,
        accuracy_real: fraction(d.on_real.gt(0)),
        accuracy_fake: fraction(d.on_fake.le(0)),
        fooled: fraction(g.on_fake.gt(0)),
      } satisfies Record<keyof StepMeans, Tensor>;
    },
  };
}

/** Images from the same noise each time, in evaluation mode: no buffer and no random stream moves. */
function drawSamples({ generator }: SplitJointGan, device: string): Tensor {
  return no_grad(() =>
    scope(() => {
      const source = new Generator().manual_seed(sampleSeed);
      const noise = randn([sampleCount, 1, 28, 28], { generator: source }).to(device);
      generator.eval();
      try {
        return generator(noise);
      } finally {
        generator.train();
      }
    }),
  );
}

/**
 * Trains one mode in its folder, going on from the checkpoint there if there is one, and returns whether
 * it got to the end; false means that it was interrupted, and saved.
 */
export async function trainSplitJoint(run: SplitJointRun): Promise<boolean> {
  const { mode, folder, steps, device, loader, judge, interrupt } = run;
  makeFolders(folder);
  const checkpoint = join(folder, checkpointFile);
  const metrics = join(folder, metricsFile);

  manual_seed(run.seed);
  const gan = splitJointGan(mode, device);
  const recipe = splitJointRecipe(gan);
  const means = new RunningMeans();
  const saved = loadCheckpoint(checkpoint, recipe, means);
  const from: Position = saved ?? start;
  if (from.step > steps) {
    throw new RunFailure(
      `${checkpoint} is of step ${from.step}, but this run has ${steps}: it belongs to another one.`,
    );
  }
  // Without a checkpoint nothing counts, not even the untrained generator's line.
  rewindMetrics(metrics, saved?.step ?? -1);
  if (from.step >= steps) return true;

  const done = readMetrics<SplitJointMetrics>(metrics).at(-1)?.seconds ?? 0;
  const began = performance.now();
  const log = (step: number, epoch: number, values: Partial<StepMeans & SampleFigures>): void => {
    const seconds = Math.round(done * 1000 + performance.now() - began) / 1000;
    appendMetrics(metrics, { step, epoch, seconds, ...values } satisfies SplitJointMetrics);
  };
  const snapshot = (step: number): SampleFigures =>
    scope(() => {
      const samples = drawSamples(gan, device);
      const picture = join(folder, `samples-${String(step).padStart(6, '0')}.png`);
      save_image(samples.narrow(0, 0, gridSize), picture, { normalize: true, value_range: [-1, 1] });
      return judge.judge(samples);
    });

  if (saved === null) log(0, 0, snapshot(0));
  const snapshotEvery = tick * Math.max(1, Math.round(steps / snapshots / tick));
  const progress = showProgress(mode, steps, from.step);
  try {
    for await (const position of training({ recipe, loader, means, steps, from })) {
      const { step, epoch } = position;
      const last = step === steps;
      const snap = last || step % snapshotEvery === 0;
      progress.step(step);
      if (last || step % tick === 0) {
        const values = means.take();
        progress.tick(step, { D: values.loss_discriminator!, G: values.loss_generator! });
        log(step, epoch, { ...values, ...(snap ? snapshot(step) : {}) });
      }
      if (last) saveWeights(gan, folder);
      // After the metrics: a line later than the checkpoint is dropped and written again on resuming.
      const stop = interrupt.requested && !last;
      if (snap || stop) saveCheckpoint(checkpoint, recipe, means, position);
      if (stop) return false;
    }
  } finally {
    progress.end();
  }
  return true;
}

function saveWeights({ generator, discriminator }: SplitJointGan, folder: string): void {
  save_file(generator.state_dict(), join(folder, 'generator.safetensors'));
  save_file(discriminator.state_dict(), join(folder, 'discriminator.safetensors'));
}
