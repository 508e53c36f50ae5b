/** What the demo's options take: one table for the command line and for stored runs. Does not start libtorch. */
import { about, type BatchMode, batchModes } from '../recipes/split_joint/options';
import { choice, type Option, sessionOptions, text, whole } from '../train/options';

/** Which discriminator batches to train with; `both` runs split, then joint, from the same seed. */
export type Mode = BatchMode | 'both';

/** Every mode that can be asked for. */
export const modes: readonly Mode[] = [...batchModes, 'both'];

/** What decides a run's numbers, with nothing left open. */
export interface DemoNumbers {
  mode: Mode;
  steps: number;
  batch_size: number;
  seed: number;
  /** CPU threads; another number may give other bits. */
  threads: number;
  device: string;
}

const { batch_size, epochs } = about.options;
const { seed, threads } = sessionOptions;
const device = text('cpu', { takes: 'a device such as cpu, cuda or cuda:1', about: 'device to train on' });

/** A rule for every option, and its default. */
export const rules = {
  mode: choice(modes, 'both', { about: 'discriminator batches' }),
  epochs,
  steps: whole(1, { least: 1, about: 'training steps' }),
  batch_size,
  seed,
  threads,
  device: { ...device, allows: (value) => typeof value === 'string' && /^[a-z]+(:\d{1,4})?$/.test(value) },
} satisfies Readonly<Record<keyof DemoNumbers | 'epochs', Option<string> | Option<number>>>;
