/** Options of every recipe: what the session does around its steps. */
import { flag, type OptionsOf, number, text, whole } from './option';

/** The session's options. */
export const sessionOptions = {
  steps: whole(0, { about: 'training steps in total; 0 is the length that the recipe has by itself' }),
  seed: whole(0, { about: 'seed of networks, noise and data order' }),
  device: text('auto', {
    takes: 'auto, cpu, cuda or cuda:N',
    about: 'where to train; auto is a GPU where there is one',
  }),
  threads: whole(1, { least: 1, most: 1024, about: 'CPU threads of an operator; other numbers may give other bits' }),
  workers: whole(0, { most: 64, about: 'threads that load data' }),
  fast: flag(false, {
    about: 'channels_last, bfloat16 and fused optimizers, in the place of the bits of Python (--exact, the default)',
  }),
  log_every: whole(50, { least: 1, about: 'steps between lines of metrics' }),
  sample_every: whole(500, { about: 'steps between pictures of samples; 0 is none' }),
  snapshot_every: whole(500, { about: 'steps between snapshots; 0 is only one when the run stops' }),
  keep: whole(4, { least: 1, about: 'newest snapshots to keep; that of step 0 stays' }),
  clip: number(0, { least: 0, about: 'largest norm of the gradients of an update; 0 does not clip' }),
} as const;

/** Values of the session's options. */
export type SessionOptions = OptionsOf<typeof sessionOptions>;
