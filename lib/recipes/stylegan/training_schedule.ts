/** StyleGAN's schedule: resolution, batch size, learning rates and length of a tick, from how many images were shown. */

/** Options by resolution: `{ 128: 0.0015 }`. */
export type ByResolution = Readonly<Record<number, number>>;

/** Options of `training_schedule`, with the original's names. */
export interface ScheduleOptions {
  /** Resolution at the beginning. */
  lod_initial_resolution?: number;
  /** Thousands of images shown before the resolution doubles. */
  lod_training_kimg?: number;
  /** Thousands of images shown while new layers fade in. */
  lod_transition_kimg?: number;
  minibatch_base?: number;
  minibatch_dict?: ByResolution;
  max_minibatch_per_gpu?: ByResolution;
  G_lrate_base?: number;
  G_lrate_dict?: ByResolution;
  D_lrate_base?: number;
  D_lrate_dict?: ByResolution;
  /** Thousands of images over which learning rates rise from zero. */
  lrate_rampup_kimg?: number;
  tick_kimg_base?: number;
  tick_kimg_dict?: ByResolution;
}

/** What holds at one moment of training. */
export interface Schedule {
  /** Thousands of images shown. */
  kimg: number;
  /** Doublings of the resolution that are still to come. */
  lod: number;
  resolution: number;
  minibatch: number;
  G_lrate: number;
  D_lrate: number;
  /** Thousands of images of a tick. */
  tick_kimg: number;
}

/** ⌊log₂⌋ of a resolution. */
export const log2_of = (resolution: number): number => 31 - Math.clz32(resolution);

/** Thousands of images of a tick, by resolution, as the original has them. */
export const tick_kimg: ByResolution = {
  4: 160,
  8: 140,
  16: 120,
  32: 100,
  64: 80,
  128: 60,
  256: 40,
  512: 30,
  1024: 20,
};

/**
 * The schedule after `cur_nimg` images: with idx = ⌊kimg / (training + transition)⌋ the level of detail is
 * max(log₂ final − log₂ initial − idx − max(kimg in this phase − training, 0) / transition, 0).
 *
 * @param resolution_log2 log₂ of the final resolution
 * @see https://github.com/NVlabs/stylegan training/training_loop.py
 */
export function training_schedule(
  cur_nimg: number,
  resolution_log2: number,
  num_gpus = 1,
  options: ScheduleOptions = {},
): Schedule {
  const { lod_initial_resolution = 4, lod_training_kimg = 600, lod_transition_kimg = 600 } = options;
  const { minibatch_base = 16, minibatch_dict = {}, max_minibatch_per_gpu = {} } = options;
  const { G_lrate_base = 0.001, G_lrate_dict = {}, D_lrate_base = 0.001, D_lrate_dict = {} } = options;
  const { lrate_rampup_kimg = 0, tick_kimg_base = 160, tick_kimg_dict = tick_kimg } = options;

  const kimg = cur_nimg / 1000;
  const phase_kimg = lod_training_kimg + lod_transition_kimg;
  const phase = phase_kimg > 0 ? Math.floor(kimg / phase_kimg) : 0;
  let lod = resolution_log2 - log2_of(lod_initial_resolution) - phase;
  if (lod_transition_kimg > 0) {
    lod -= Math.max(kimg - phase * phase_kimg - lod_training_kimg, 0) / lod_transition_kimg;
  }
  lod = Math.max(lod, 0);
  const resolution = 2 ** (resolution_log2 - Math.floor(lod));

  let minibatch = minibatch_dict[resolution] ?? minibatch_base;
  minibatch -= minibatch % num_gpus;
  const most = max_minibatch_per_gpu[resolution];
  if (most !== undefined) minibatch = Math.min(minibatch, most * num_gpus);

  const rampup = lrate_rampup_kimg > 0 ? Math.min(kimg / lrate_rampup_kimg, 1) : 1;
  return {
    kimg,
    lod,
    resolution,
    minibatch,
    G_lrate: (G_lrate_dict[resolution] ?? G_lrate_base) * rampup,
    D_lrate: (D_lrate_dict[resolution] ?? D_lrate_base) * rampup,
    tick_kimg: tick_kimg_dict[resolution] ?? tick_kimg_base,
  };
}
