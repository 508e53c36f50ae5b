/** The demo's command line: what can be given, what is refused, and what the defaults are. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type DemoNumbers, modes, rules } from './demo_rules';
import { UserError } from './user_error';

/** A new run's options. */
export interface NewRun extends Omit<DemoNumbers, 'steps'> {
  /** Passes over the training digits; undefined when `steps` is given. */
  epochs: number | undefined;
  steps: number | undefined;
  out: string;
}

/** A new run, or the folder of one to go on with. */
export type DemoCommand = { run: NewRun } | { resume: string };

/** Reads what is given for an option, by its rule. */
function argument<T>(name: keyof typeof rules, read: (text: string) => T) {
  return (text: string): T => {
    const value = read(text);
    if (!rules[name].allows(value)) throw new InvalidArgumentError(`It takes ${rules[name].takes}.`);
    return value;
  };
}

const whole = (name: keyof typeof rules) => argument(name, (text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN));

function program(): Command {
  return new Command('isotorch demo')
    .description(
      'Trains a GAN with BatchNorm on the MNIST digits, with split and with joint discriminator\n' +
        'batches from the same seed, and says which of them learns.',
    )
    .addOption(new Option('--mode <mode>', 'discriminator batches').choices(modes).default(rules.mode.fallback))
    .addOption(
      new Option('--epochs <n>', `passes over the 60,000 digits (default: ${rules.epochs.fallback})`)
        .argParser(whole('epochs'))
        .conflicts('steps'),
    )
    .option('--steps <n>', 'training steps, instead of --epochs', whole('steps'))
    .option('--batch-size <n>', 'digits per step', whole('batch_size'), rules.batch_size.fallback)
    .option('--seed <n>', 'seed of the networks, noise and data order', whole('seed'), rules.seed.fallback)
    .option('--threads <n>', 'CPU threads', whole('threads'), rules.threads.fallback)
    .option('--device <device>', 'device to train on', argument('device', String), rules.device.fallback)
    .option('--out <folder>', 'where run folders are made', 'runs')
    .option('--resume <run folder>', 'go on with an interrupted run; takes no other option')
    .helpOption('--help', 'show this')
    .allowExcessArguments(false)
    .exitOverride();
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
      epochs: given.steps === undefined ? (epochs ?? rules.epochs.fallback) : undefined,
      steps: given.steps,
      batch_size: batchSize,
      seed: given.seed,
      threads: given.threads,
      device: given.device,
      out: given.out,
    },
  };
}
