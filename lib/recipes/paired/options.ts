/** Options of recipes that translate images into their pairs; without libtorch. */
import { choice, earlyStoppingOptions, type OptionsOf, whole } from '../../train/options';
import { channelsOption, dataOptions, directionOption } from '../data/options';

/** Where there are validations: for options that nothing else uses. */
export const validated = { val: ['train', 'val', 'test'] };

/** Which pairs, and what they are validated with. */
export const pairedOptions = {
  ...dataOptions({ image_size: 0 }),
  channels: channelsOption(3),
  direction: directionOption,
  val: choice(['none', 'val', 'test', 'train'], 'none', { about: 'part of the data that validations look at' }),
  val_limit: whole(64, { least: 2, most: 5000, about: 'pairs of a validation, and of the map of codes' }),
  validate_every: { ...earlyStoppingOptions.validate_every, only: validated },
  patience: { ...earlyStoppingOptions.patience, only: validated },
  patience_unit: { ...earlyStoppingOptions.patience_unit, only: validated },
  min_delta: { ...earlyStoppingOptions.min_delta, only: validated },
} as const;

/** Values of `pairedOptions`. */
export type PairedOptions = OptionsOf<typeof pairedOptions>;
