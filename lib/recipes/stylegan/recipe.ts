/** Document 3: StyleGAN's progressive training. */
import { copy } from 'isotorch';
import { StyleGANDiscriminator, StyleGANGenerator } from '../../gan/networks';
import { defineRecipe, OptionError, type OptionsOf } from '../../train';
import { feedOf, openForRecipe } from '../data';
import { digit_figures } from '../digit_figures';
import { checkPowerOfTwo } from '../power_of_two';
import { TENSORFLOW_EPS } from '../tensorflow_adam';
import { load_networks, locate } from './network_snapshot';
import { about } from './options';
import { drawn_from } from './samples';
import { StyleGANTraining } from './training';
import { type ByResolution, log2_of, training_schedule } from './training_schedule';

type Options = OptionsOf<typeof about.options>;

/** Samples of a group of the discriminator's standard deviation. */
const GROUP = 4;

function checkSizes({ image_size, lod_initial_resolution }: Options): void {
  checkPowerOfTwo('image_size', image_size, { least: 8 });
  checkPowerOfTwo('lod_initial_resolution', lod_initial_resolution, {
    least: 4,
    most: image_size,
    because: `image_size=${image_size}`,
  });
}

/** Batches by resolution, from the first to the last of the training. */
function batchesOf(options: Options): { resolution: number; batch: number }[] {
  const { image_size, lod_initial_resolution, minibatch_base } = options;
  const dict: ByResolution = options.minibatch_dict;
  const count = log2_of(image_size) - log2_of(lod_initial_resolution) + 1;
  return Array.from({ length: count }, (_, i) => {
    const resolution = lod_initial_resolution * 2 ** i;
    return { resolution, batch: dict[resolution] ?? minibatch_base };
  });
}

/** Batches have to be whole groups. */
function checkBatches(options: Options): void {
  const odd = batchesOf(options).find(({ batch }) => batch > GROUP && batch % GROUP !== 0);
  if (odd === undefined) return;
  const { batch, resolution } = odd;
  throw new OptionError(
    `batches of ${batch} at ${resolution}×${resolution} are no multiple of ${GROUP}, the group of the discriminator's ` +
      'standard deviation: change minibatch_dict or minibatch_base.',
  );
}

/** A pass over the data has to have a whole batch, at every resolution. */
function checkCount(options: Options, count: number): void {
  const large = batchesOf(options).find(({ batch }) => batch > count);
  if (large === undefined) return;
  const { batch, resolution } = large;
  throw new OptionError(
    `the data have ${count} images, fewer than the batch of ${batch} at ${resolution}×${resolution}: ` +
      'change minibatch_dict or minibatch_base.',
  );
}

function checkResume({ resume_run_id, resume_snapshot, resume_kimg, total_kimg }: Options): void {
  if (resume_snapshot > 0 && resume_run_id === '') {
    throw new OptionError('option resume_snapshot has no effect without resume_run_id.');
  }
  if (resume_kimg >= total_kimg) {
    throw new OptionError(`option resume_kimg: ${resume_kimg} is not below total_kimg (${total_kimg}).`);
  }
}

/** Whether the images are such digits as the judge knows. */
const judged = ({ data, image_size, channels }: Options): boolean =>
  data === 'mnist' && image_size === 32 && channels === 1;

function checkMetrics(options: Options): void {
  if (options.metrics === 'none' || judged(options)) return;
  throw new OptionError('option metrics: digits are judged with data=mnist, image_size=32 and channels=1 only.');
}

/** Networks' options that have other names in the recipe. */
function networkOptions(options: Options, classes: number) {
  const { fused_scale, image_size, channels } = options;
  return {
    ...options,
    resolution: image_size,
    num_channels: channels,
    label_size: classes,
    fused_scale: fused_scale === 'auto' ? fused_scale : fused_scale === 'true',
    mbstd_group_size: GROUP,
  } as const;
}

/** StyleGAN, as a recipe. */
export const stylegan = defineRecipe({
  ...about,
  check(options) {
    checkSizes(options);
    checkBatches(options);
    checkResume(options);
    checkMetrics(options);
  },
  async open(options) {
    const { channels, conditional } = options;
    const data = await openForRecipe(options, { kind: conditional ? 'labelled' : 'images', channels, range: [-1, 1] });
    checkCount(options, data.description.count);
    return data;
  },
  build({ options, data, place, session, continues }) {
    const { image_size, latent_size, adam_beta1, adam_beta2 } = options;
    const classes = options.conditional ? data.description.classes.length : 0;
    const sizes = networkOptions(options, classes);
    const G = new StyleGANGenerator(sizes);
    const D = new StyleGANDiscriminator(sizes);
    const Gs = copy.deepcopy(G);
    // The snapshot of step 0 has them, too.
    if (options.resume_run_id !== '' && !continues) {
      load_networks(locate(options.resume_run_id, options.resume_snapshot), { G, D, Gs });
    }
    for (const network of [G, D, Gs]) place.network(network);
    const adam = { betas: [adam_beta1, adam_beta2], eps: TENSORFLOW_EPS } as const;
    const [optimizer_G, optimizer_D] = [place.adam(G.parameters(), adam), place.adam(D.parameters(), adam)];
    const first = training_schedule(options.resume_kimg * 1000, log2_of(image_size), 1, options);
    const feed = feedOf(data, first.minibatch, session);
    const samples = drawn_from({ Gs, latent_size, classes, place, truncation: options.truncation_psi });
    const evaluate = () => digit_figures(samples);
    const parts = { G, D, Gs, optimizer_G, optimizer_D, feed, place, classes };
    const training = new StyleGANTraining(parts, options, options.metrics === 'digits' ? evaluate : undefined);
    return {
      objects: training.objects,
      feed,
      phases: training.phases,
      steps: training.progress.steps(),
      samples,
      stepEnd: (step) => training.stepEnd(step),
      ...(judged(options) && { evaluate }),
    };
  },
});
