/** The demo's job: a judge of digits, one training run per mode, then what the numbers say. */
import { join } from 'node:path';
import { Generator, scope, set_num_threads, ValueError } from 'isotorch';
import { loadMnist, type Mnist } from '../data';
import { save_image } from '../io';
import { DigitJudge, type SampleFigures, trainedClassifier } from '../metrics';
import {
  type BatchMode,
  batchModes,
  findingOf,
  type ModeResult,
  modeResult,
  splitJoint,
  type SplitJointMetrics,
  summaryTable,
} from '../recipes/split_joint';
import {
  ChartUnavailable,
  deviceOf,
  type Interrupt,
  interruptedExitCode,
  isSystemError,
  lockRunFolder,
  makeFolders,
  metricsFile,
  type OpenedTraining,
  OptionError,
  readMetrics,
  RunFailure,
  runSession,
  type Series,
  saveLineChart,
  showProgress,
  writeJson,
} from '../train';
import { createDemoFolder, type DemoOptions, readDemoFolder } from './demo_folder';
import type { NewRun } from './options';
import { openRun } from './open_run';
import { noteOtherVersions, runOptions, versions, writeRunFile } from './run_file';
import { announcedInterrupt } from './run_session';
import { resumeCommand, whatIsSafe } from './safe';
import { UserError } from './user_error';

/** Images judged at a time. */
const JUDGED = 1000;
const JUDGE_SEED = 4;
/** Steps between lines in the metrics file. */
const TICK = 50;
/** Pictures and snapshots in a run, besides those before the first step. */
const SNAPSHOTS = 8;

/** Starts a new run; returns the exit code. */
export async function startDemo(given: NewRun): Promise<number> {
  set_num_threads(given.threads);
  checkDevice(given.device);
  const digits = loadDigits();
  const passes = Math.floor(digits.train.labels.size(0) / given.batch_size);
  const options: DemoOptions = {
    mode: given.mode,
    steps: given.steps ?? (given.epochs ?? 1) * passes,
    batch_size: given.batch_size,
    seed: given.seed,
    threads: given.threads,
    device: given.device,
    versions: versions(),
  };
  return run(createDemoFolder(given.out, options), options, digits);
}

/** Goes on with a run; returns the exit code. */
export async function resumeDemo(folder: string): Promise<number> {
  const options = readDemoFolder(folder);
  noteOtherVersions(options.versions);
  set_num_threads(options.threads);
  checkDevice(options.device);
  return run(folder, options, loadDigits());
}

/** Before the judge is trained, which takes a while. @throws UserError */
function checkDevice(device: string): void {
  try {
    deviceOf(device);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}

interface Digits {
  train: Mnist;
  test: Mnist;
}

function loadDigits(): Digits {
  try {
    return { train: loadMnist(), test: loadMnist({ train: false }) };
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}

/** Runs, or goes on, alone in the folder; what stops it ends in sentences that say what is safe. */
async function run(folder: string, options: DemoOptions, digits: Digits): Promise<number> {
  const modes = options.mode === 'both' ? batchModes : [options.mode];
  const release = lockRunFolder(folder);
  const interrupt = announcedInterrupt();
  console.log(`Run folder: ${folder}`);
  try {
    return await train(folder, modes, options, digits, interrupt);
  } catch (cause) {
    if (!(cause instanceof RunFailure || isSystemError(cause))) throw cause;
    throw new RunFailure(`${cause.message}\n${whatIsSafe(folder, modes)}`, { cause });
  } finally {
    interrupt.release();
    release();
  }
}

async function train(
  folder: string,
  modes: readonly BatchMode[],
  options: DemoOptions,
  digits: Digits,
  interrupt: Interrupt,
): Promise<number> {
  const judge = await makeJudge(folder, digits, interrupt);
  if (judge === undefined) return interrupted(folder);
  const results: ModeResult[] = [];
  for (const mode of modes) {
    const result = await trainMode(join(folder, mode), mode, options, judge, interrupt);
    if (result === undefined) return interrupted(folder);
    results.push(result);
  }
  await report(folder, results, judge);
  return 0;
}

/** Figures of images from the same noise each time; nothing that training depends on moves. */
function judged(judge: DigitJudge, { training }: OpenedTraining): SampleFigures {
  const { latents, images } = training.samples!;
  return scope(() => judge.judge(images!(latents!(JUDGED, new Generator().manual_seed(JUDGE_SEED)), {})));
}

/** Trains one mode in its folder, which is a run folder of the recipe split-joint; undefined where it was interrupted, and saved. */
async function trainMode(
  folder: string,
  mode: BatchMode,
  { steps, seed, threads, device, batch_size }: DemoOptions,
  judge: DigitJudge,
  interrupt: Interrupt,
): Promise<ModeResult | undefined> {
  const every = TICK * Math.max(1, Math.round(steps / SNAPSHOTS / TICK));
  const session = { steps, seed, threads, device, log_every: TICK, sample_every: every, snapshot_every: every };
  const run = runOptions(splitJoint, { mode, batch_size }, session);
  makeFolders(folder);
  writeRunFile(folder, run);
  const opened = await openRun(run);
  const untrained = judged(judge, opened);
  const progress: typeof showProgress = (_, ...how) => showProgress(mode, ...how);
  const { why } = await runSession(opened, { folder, interrupt, say: console.error, progress });
  if (why === 'interrupted') return undefined;
  const lines = readMetrics<SplitJointMetrics>(metricsFile(folder));
  return modeResult(mode, lines, untrained, judged(judge, opened));
}

function interrupted(folder: string): number {
  console.log(`Stopped and saved. To go on: ${resumeCommand(folder)}`);
  return interruptedExitCode;
}

async function makeJudge(folder: string, digits: Digits, interrupt: Interrupt): Promise<DigitJudge | undefined> {
  const classifier = await trainedClassifier(join(folder, 'classifier.safetensors'), digits.train, interrupt);
  if (classifier === undefined) return undefined;
  const judge = new DigitJudge(classifier, digits.test);
  console.log(
    `The classifier that judges the samples is right on ${(100 * judge.accuracy).toFixed(2)} % of the 10,000 test digits.`,
  );
  const picture = join(folder, 'real-digits.png');
  save_image(digits.test.images.narrow(0, 0, 64), picture, { normalize: true, value_range: [-1, 1] });
  return judge;
}

async function report(folder: string, results: readonly ModeResult[], judge: DigitJudge): Promise<void> {
  const finding = findingOf(results);
  writeJson(join(folder, 'summary.json'), {
    results,
    real: judge.real,
    classifier_accuracy: judge.accuracy,
    finding,
  });
  const series = results.flatMap(({ mode }) =>
    lossCurves(mode, readMetrics<SplitJointMetrics>(metricsFile(join(folder, mode)))),
  );
  await saveLosses(join(folder, 'losses.png'), series);
  console.log(
    `\n${summaryTable(results, judge.real)}\n\n${finding.sentences.join('\n')}\n\nPictures, metrics and snapshots: ${folder}`,
  );
}

function lossCurves(mode: BatchMode, lines: readonly SplitJointMetrics[]): Series[] {
  const curve = (label: string, name: 'loss_discriminator' | 'loss_generator'): Series => ({
    label: `${mode}: ${label}`,
    points: lines.flatMap(({ step, [name]: loss }) => (loss === undefined ? [] : [{ x: step, y: loss }])),
  });
  return [curve('discriminator', 'loss_discriminator'), curve('generator', 'loss_generator')];
}

async function saveLosses(path: string, series: Series[]): Promise<void> {
  try {
    await saveLineChart(path, { title: 'GAN losses on MNIST', x: 'step', y: 'loss (mean per tick)', series });
  } catch (error) {
    if (!(error instanceof ChartUnavailable)) throw error;
    console.error(error.message);
  }
}
