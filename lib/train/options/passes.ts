/** Options of what happens between passes over the data, for recipes to take into their tables. */
import { choice, number, type OptionsOf, whole } from './option';

/** Options of `scheduleOf`. */
export const scheduleOptions = {
  lr_policy: choice(['linear', 'step', 'plateau', 'cosine', 'constant'], 'linear', {
    about: 'how the learning rates fall from pass to pass',
  }),
  niter: whole(100, {
    least: 1,
    about: 'passes at the full learning rate; of cosine, passes until it is 0, after which it rises again',
    only: { lr_policy: ['linear', 'cosine'] },
  }),
  niter_decay: whole(100, {
    about: 'passes in which the learning rate falls to 0 after that',
    only: { lr_policy: ['linear'] },
  }),
  lr_decay_iters: whole(100, {
    least: 1,
    about: 'passes between tenths of the learning rate',
    only: { lr_policy: ['step'] },
  }),
} as const;

/** Values of `scheduleOptions`. */
export type ScheduleOptions = OptionsOf<typeof scheduleOptions>;

/** Options of validation, and of `EarlyStopping`. */
export const earlyStoppingOptions = {
  validate_every: whole(5, { least: 1, about: 'passes between validations' }),
  patience: whole(0, {
    about: 'how long to wait for a better validation before the training ends early; 0 is for ever',
  }),
  patience_unit: choice(['epochs', 'validations'], 'epochs', { about: 'what patience counts' }),
  min_delta: number(0, { least: 0, about: 'by how much a validation has to be better to count' }),
} as const;

/** Values of `earlyStoppingOptions`. */
export type EarlyStoppingOptions = OptionsOf<typeof earlyStoppingOptions>;
