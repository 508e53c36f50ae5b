/** The experiment's options, and what each of them takes: one table for the command line and for stored runs. */

/** How the discriminator sees the two halves of its batch. */
export type BatchMode = 'split' | 'joint';

/** Every mode, in the order in which they are run and reported. */
export const batchModes: readonly BatchMode[] = ['split', 'joint'];

/** Which discriminator batches to train with; `both` runs split, then joint, from the same seed. */
export type Mode = BatchMode | 'both';

/** Every mode that can be asked for. */
export const modes: readonly Mode[] = [...batchModes, 'both'];

/** What decides a run's numbers, with nothing left open. */
export interface SplitJointOptions {
  mode: Mode;
  steps: number;
  batch_size: number;
  seed: number;
  /** CPU threads; another number may give other bits. */
  threads: number;
  device: string;
}

/** What an option takes, in words, and whether a value is that. */
export interface Rule {
  takes: string;
  allows(value: unknown): boolean;
}

function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Rule {
  return {
    takes: `a whole number from ${least} ${most < Number.MAX_SAFE_INTEGER ? `to ${most}` : 'on'}`,
    allows: (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  };
}

/** A rule for every option. */
export const rules: Readonly<Record<keyof SplitJointOptions | 'epochs', Rule>> = {
  mode: { takes: `one of ${modes.join(', ')}`, allows: (value) => modes.includes(value as Mode) },
  epochs: wholeNumber(1),
  steps: wholeNumber(1),
  // BatchNorm over one sample is an error, as in Python.
  batch_size: wholeNumber(2, 60_000),
  seed: wholeNumber(0),
  // More than systems let one process have by default, and the library that starts them ends the process then.
  threads: wholeNumber(1, 1024),
  device: {
    takes: 'a device such as cpu, cuda or cuda:1',
    allows: (value) => typeof value === 'string' && /^[a-z]+(:\d{1,4})?$/.test(value),
  },
};
