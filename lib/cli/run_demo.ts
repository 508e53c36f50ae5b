/** The demo's job: a judge of digits, one training run per mode, then what the numbers say. */
import { join } from 'node:path';
import { __version__, randn, scope, set_num_threads, TorchError, ValueError } from 'isotorch';
import { loadMnist, type Mnist } from '../data';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { save_image } from '../io';
import { DigitJudge, trainedClassifier } from '../metrics';
import {
  type BatchMode,
  batchModes,
  findingOf,
  metricsFile,
  modeResult,
  type SplitJointMetrics,
  summaryTable,
  trainSplitJoint,
} from '../recipes/split_joint';
import {
  ChartUnavailable,
  Interrupt,
  interruptedExitCode,
  isSystemError,
  lockRunFolder,
  readMetrics,
  RunFailure,
  type Series,
  saveLineChart,
  writeJson,
} from '../train';
import { createDemoFolder, type DemoOptions, readDemoFolder } from './demo_folder';
import type { NewRun } from './options';
import { resumeCommand, whatIsSafe } from './safe';
import { UserError } from './user_error';

/** Starts a new run; returns the exit code. */
export async function startDemo(given: NewRun): Promise<number> {
  set_num_threads(given.threads);
  checkDevice("option '--device'", given.device);
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
  const now = versions();
  for (const [name, version] of Object.entries(options.versions)) {
    if (now[name] === version) continue;
    console.error(`Note: the run was started with ${name} ${version}, and this is ${now[name]}: bits may differ.`);
  }
  set_num_threads(options.threads);
  checkDevice(`option '--resume': the run's device`, options.device);
  return run(folder, options, loadDigits());
}

function versions(): Record<string, string> {
  return { libtorch: __version__, node: process.versions.node };
}

/** Tries what training does first: numbers are drawn on the device, and read back. */
function checkDevice(what: string, device: string): void {
  try {
    scope(() => randn([2], { device }).sum().item());
  } catch (cause) {
    if (!(cause instanceof TorchError)) throw cause;
    // Of libtorch's long lists of what would have been possible, the first sentence.
    const [reason] = cause.message.split(/\.\s/);
    throw new UserError(`${what}: ${device} cannot be used here: ${reason}.\nThe device cpu is always there.`, {
      cause,
    });
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
  const interrupt = new Interrupt(() =>
    console.error('\nStopping after this step; Ctrl-C again quits at once, without saving.'),
  );
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
  { steps, seed, device, batch_size }: DemoOptions,
  digits: Digits,
  interrupt: Interrupt,
): Promise<number> {
  const judge = await makeJudge(folder, digits, interrupt);
  if (judge === undefined) return interrupted(folder);
  const images = new TensorDataset(digits.train.images.to(device));
  const loader = new DataLoader(images, { batch_size, shuffle: true, drop_last: true });
  for (const mode of modes) {
    const run = { mode, folder: join(folder, mode), seed, steps, device, loader, judge, interrupt };
    if (!(await trainSplitJoint(run))) return interrupted(folder);
  }
  await report(folder, modes, judge);
  return 0;
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

async function report(folder: string, modes: readonly BatchMode[], judge: DigitJudge): Promise<void> {
  const logs = modes.map((mode) => readMetrics<SplitJointMetrics>(join(folder, mode, metricsFile)));
  const results = modes.map((mode, index) => modeResult(mode, logs[index]!));
  const finding = findingOf(results);
  writeJson(join(folder, 'summary.json'), {
    results,
    real: judge.real,
    classifier_accuracy: judge.accuracy,
    finding,
  });
  const series = modes.flatMap((mode, index) => lossCurves(mode, logs[index]!));
  await saveLosses(join(folder, 'losses.png'), series);
  console.log(
    `\n${summaryTable(results, judge.real)}\n\n${finding.sentences.join('\n')}\n\nPictures, metrics and weights: ${folder}`,
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
