/** The demo's command line: what can be given, what is refused, and what the defaults are. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UserError } from './user_error';

/** Which discriminator batches to train with; `both` runs split, then joint, from the same seed. */
export type DemoMode = 'split' | 'joint' | 'both';

/** A new run's options. */
export interface NewRun {
  mode: DemoMode;
  /** Passes over the training digits; undefined when `steps` is given. */
  epochs: number | undefined;
  steps: number | undefined;
  batch_size: number;
  seed: number;
  /** CPU threads; another number may give other bits. */
  threads: number;
  device: string;
  out: string;
}

/** A new run, or the folder of one to go on with. */
export type DemoCommand = { run: NewRun } | { resume: string };

const modes: readonly DemoMode[] = ['split', 'joint', 'both'];

/** Passes over the digits by default; two modes of them take about three minutes on two cores. */
export const defaultEpochs = 3;

function integerFrom(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(
        `It takes a whole number from ${least} ${most < Number.MAX_SAFE_INTEGER ? `to ${most}` : 'on'}.`,
      );
    }
    return value;
  };
}

function deviceName(text: string): string {
  if (!/^[a-z]+(:\d+)?$/.test(text)) {
    throw new InvalidArgumentError('It takes a device such as cpu, cuda or cuda:1.');
  }
  return text;
}

function program(): Command {
  return (
    new Command('isotorch demo')
      .description(
        'Trains a GAN with BatchNorm on the MNIST digits, with split and with joint discriminator\n' +
          'batches from the same seed, and says which of them learns.',
      )
      .addOption(new Option('--mode <mode>', 'discriminator batches').choices(modes).default('both'))
      .addOption(
        new Option('--epochs <n>', `passes over the 60,000 digits (default: ${defaultEpochs})`)
          .argParser(integerFrom(1))
          .conflicts('steps'),
      )
      .option('--steps <n>', 'training steps, instead of --epochs', integerFrom(1))
      // BatchNorm over one sample is an error, as in Python.
      .option('--batch-size <n>', 'digits per step', integerFrom(2, 60_000), 64)
      .option('--seed <n>', 'seed of the networks, noise and data order', integerFrom(0), 0)
      // The networks are small: two threads gain little on idle cores, and cost half of the speed on busy ones.
      .option('--threads <n>', 'CPU threads', integerFrom(1), 1)
      .option('--device <device>', 'device to train on', deviceName, 'cpu')
      .option('--out <folder>', 'where run folders are made', 'runs')
      .option('--resume <run folder>', 'go on with an interrupted run; takes no other option')
      .helpOption('--help', 'show this')
      .allowExcessArguments(false)
      .exitOverride()
  );
}

/**
 * Reads the arguments after the script's name.
 *
 * @returns undefined when `--help` was given and shown.
 * @throws UserError naming the option that is wrong.
 */
export function parseDemoCommand(args: readonly string[]): DemoCommand | undefined {
  const command = program().configureOutput({ writeErr: () => {} });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UserError(`${error.message.replace(/^error: /, '')}\nSee --help for all options.`);
  }
  const { batchSize, resume, epochs, ...given } = command.opts<
    Omit<NewRun, 'batch_size'> & { batchSize: number; resume: string | undefined }
  >();
  if (resume !== undefined) {
    const surplus = command.options.find(
      (option) => option.long !== '--resume' && command.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (surplus !== undefined) {
      throw new UserError(
        `option '${surplus.long}' cannot be used with '--resume': the run goes on with the options it was started with`,
      );
    }
    return { resume };
  }
  return {
    run: {
      mode: given.mode,
      epochs: given.steps === undefined ? (epochs ?? defaultEpochs) : undefined,
      steps: given.steps,
      batch_size: batchSize,
      seed: given.seed,
      threads: given.threads,
      device: given.device,
      out: given.out,
    },
  };
}
