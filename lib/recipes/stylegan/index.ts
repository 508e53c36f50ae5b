/** StyleGAN's progressive training: `isotorch/recipes/stylegan`. */
export { discriminator_loss, generator_loss } from './losses';
export { about } from './options';
export { at_lod, process_reals } from './process_reals';
export { Progress, type ProgressOptions, type Tick } from './progress';
export { stylegan } from './recipe';
export { type Growing, type StyleGANParts, StyleGANTraining, type StyleGANTrainingOptions } from './training';
export { type ByResolution, type Schedule, type ScheduleOptions, training_schedule } from './training_schedule';
export { Updates } from './updates';
