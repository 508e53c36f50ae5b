import type { Tensor } from 'isotorch';
import { HostPathLengthMean } from '../../gan';
import { mixed_list, StyleGAN2 } from '../../gan/networks';
import { defineRecipe, OptionError, type Phase, type Training } from '../../train';
import { feedOf, openForRecipe } from '../data';
import { checkPowerOfTwo } from '../power_of_two';
import { digit_figures } from '../digit_figures';
import { augmentationsNamed } from './augment';
import { copiesAverages, movesAverages } from './cadence';
import { discriminatorPhase } from './discriminator_phase';
import { generatorPhases } from './generator_phase';
import { about, type StyleGAN2RecipeOptions, withPreset } from './options';
import { probabilityFor } from './probability';
import { samplesOf } from './samples';
import type { StyleGAN2Training } from './state';

/** Refuses blocks that there are not, and what has no effect. */
function check(options: StyleGAN2RecipeOptions): void {
  const { image_size, attn_layers, fq_layers, fq_dict_size, aug_prob, aug_types } = options;
  checkPowerOfTwo('image_size', image_size, { least: 8 });
  const blocks = 31 - Math.clz32(image_size);
  for (const [name, layers] of Object.entries({ attn_layers, fq_layers })) {
    const other = layers.find((layer) => layer > blocks || !Number.isInteger(layer));
    if (other === undefined) continue;
    throw new OptionError(`option ${name}: images of ${image_size}² have no block ${other}, the last is ${blocks}.`);
  }
  if (fq_layers.length === 0 && fq_dict_size !== about.options.fq_dict_size.fallback) {
    throw new OptionError('option fq_dict_size has no effect without fq_layers.');
  }
  augmentationsNamed(aug_types);
  if (aug_prob < 0 && aug_prob !== -1) {
    throw new OptionError(
      `option aug_prob is a probability, or -1 for one by the number of images, but is ${aug_prob}.`,
    );
  }
  if (aug_prob === 0 && aug_types !== about.options.aug_types.fallback) {
    throw new OptionError('option aug_types has no effect with aug_prob=0.');
  }
}

/** The averages of S and G: copied at first, then moved. */
function averagePhases({ GAN, options }: StyleGAN2Training): readonly Phase<readonly Tensor[]>[] {
  return [
    {
      name: 'average',
      about: 'moves the averages of S and G',
      every: (step) => movesAverages(step, options),
      run() {
        GAN.EMA();
        return undefined;
      },
    },
    {
      name: 'copy',
      about: 'makes the averages copies of S and G',
      every: (step) => copiesAverages(step, options),
      run() {
        GAN.reset_parameter_averaging();
        return undefined;
      },
    },
  ];
}

/** lucidrains' StyleGAN2, step for step. */
export const stylegan2 = defineRecipe({
  ...about,
  check,
  open: (options) => openForRecipe(options, { kind: 'images', channels: options.transparent ? 4 : 3, range: [0, 1] }),
  build({ options: given, data, place, session }): Training<readonly Tensor[]> {
    const options = withPreset(given);
    const GAN = new StyleGAN2(options);
    // Each by itself: the fast way changes how a network is called, and nobody calls the whole.
    for (const network of [GAN.S, GAN.G, GAN.D, GAN.SE, GAN.GE]) place.network(network);
    const betas = [0.5, 0.9] as const;
    const { count } = data.description;
    const prob = options.aug_prob === -1 ? probabilityFor(count) : options.aug_prob;
    const training: StyleGAN2Training = {
      GAN,
      optimizer_G: place.adam([...GAN.G.parameters(), ...GAN.S.parameters()], { lr: options.lr, betas }),
      optimizer_D: place.adam(GAN.D.parameters(), { lr: options.lr * options.ttur_mult, betas }),
      path_length: new HostPathLengthMean(0.99, options.pl_mean_dtype),
      options,
      augmenting: { prob, types: augmentationsNamed(options.aug_types) },
      place,
      count,
      draw: mixed_list,
    };
    const { optimizer_G, optimizer_D, path_length } = training;
    const samples = samplesOf(training, session.seed);
    /** Its images in [0, 1] as grey ones in [−1, 1], for the judge of digits. */
    const grey: typeof samples.images = (z, how) => samples.images(z, how).mean(1, true).mul(2).sub(1);
    const judged = data.description.source === 'mnist' && options.image_size === 32 && !options.transparent;
    return {
      objects: { GAN, optimizer_G, optimizer_D, path_length },
      feed: feedOf(data, options.batch_size, session),
      steps: 150_000,
      recoveries: options.recoveries,
      phases: [discriminatorPhase(training), ...generatorPhases(training), ...averagePhases(training)],
      samples,
      ...(judged && { evaluate: () => digit_figures({ latents: samples.latents, images: grey }) }),
    };
  },
});
