/** What is said of the recipe before it is loaded. */
import { aboutRecipe, choice, flag, number, type Option, text, whole } from '../../train/options';
import { channelsOption, dataOptions } from '../data/options';
import { type ByResolution, tick_kimg } from './training_schedule';

/** Losses of the generator, by the original's names. */
export const generatorLosses = ['logistic_nonsaturating', 'logistic_saturating', 'wgan'] as const;

/** Losses of the discriminator, by the original's names. */
export const discriminatorLosses = ['logistic_simplegp', 'logistic', 'wgan', 'wgan_gp', 'hinge', 'hinge_gp'] as const;

/** Numbers by resolution, `8:256,16:128`. */
function by_resolution(fallback: ByResolution, { whole: isWhole, about }: { whole: boolean; about: string }) {
  const isNumber = (value: unknown): boolean =>
    isWhole ? Number.isSafeInteger(value) && (value as number) >= 1 : typeof value === 'number' && value > 0;
  const allows = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([key, each]) => /^[1-9]\d*$/.test(key) && Number.isFinite(each) && isNumber(each));
  const parse = (given: string): ByResolution | undefined => {
    const pairs = given === '' ? [] : given.split(',').map((pair) => /^([1-9]\d*):([\d.e+-]+)$/.exec(pair.trim()));
    if (pairs.includes(null)) return undefined;
    const values = Object.fromEntries(pairs.map((pair) => [pair![1]!, Number(pair![2])]));
    return allows(values) ? values : undefined;
  };
  const takes = `${isWhole ? 'whole numbers' : 'numbers'} by resolution, as 8:${isWhole ? 256 : 0.001},16:${isWhole ? 128 : 0.002}`;
  return { fallback, takes, about, parse, allows } satisfies Option<ByResolution>;
}

const rates: ByResolution = { 128: 0.0015, 256: 0.002, 512: 0.003, 1024: 0.003 };
const penalised = { D_loss: ['wgan_gp', 'hinge_gp'] };

export const about = aboutRecipe({
  name: 'stylegan',
  summary: 'images that grow from coarse to fine, from styles',
  source: 'document 3; NVlabs/stylegan, training_loop.py; Karras et al. 2019, https://arxiv.org/abs/1812.04948',
  options: {
    ...dataOptions({ data: 'mnist', image_size: 32 }),
    channels: channelsOption(1),
    conditional: flag(false, { about: 'images of classes, which the data have to have' }),
    mirror_augment: flag(false, { about: 'mirror half of the real images' }),

    total_kimg: number(25_000, { above: 0, about: 'length of the training, in thousands of real images shown' }),
    lod_initial_resolution: whole(8, { least: 4, about: 'resolution at the beginning' }),
    lod_training_kimg: number(600, { least: 0, about: 'thousands of images shown before the resolution doubles' }),
    lod_transition_kimg: number(600, { least: 0, about: 'thousands of images shown while new layers fade in' }),
    minibatch_base: whole(4, { least: 1, about: 'images of a batch, where minibatch_dict does not say' }),
    minibatch_dict: by_resolution(
      { 4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4 },
      { whole: true, about: 'images of a batch, by resolution' },
    ),
    minibatch_repeats: whole(4, { least: 1, about: 'steps before the schedule is looked at again' }),
    D_repeats: whole(1, { least: 1, about: 'updates of the discriminator for one of the generator' }),
    G_lrate_base: number(0.001, { above: 0, about: "the generator's learning rate, where G_lrate_dict does not say" }),
    G_lrate_dict: by_resolution(rates, { whole: false, about: "the generator's learning rate, by resolution" }),
    D_lrate_base: number(0.001, { above: 0, about: 'the same of the discriminator' }),
    D_lrate_dict: by_resolution(rates, { whole: false, about: 'the same of the discriminator, by resolution' }),
    lrate_rampup_kimg: number(0, { least: 0, about: 'thousands of images over which learning rates rise from zero' }),
    reset_opt_for_new_lod: flag(true, { about: "forget the optimizers' averages when layers come in or are in" }),
    adam_beta1: number(0, { least: 0, most: 0.9999, about: "Adam's β₁" }),
    adam_beta2: number(0.99, { least: 0, most: 0.9999, about: "Adam's β₂" }),
    adam_eps: choice(['torch', 'tensorflow'], 'torch', {
      about: "where Adam's ε is added: to √(v/(1−β₂ᵗ)), or to √v, as in the original",
    }),
    G_smoothing_kimg: number(10, { least: 0, about: "half-life of Gs, the average of G's weights; 0 copies them" }),
    nonfinite: choice(['skip', 'stop'], 'skip', {
      about: 'what gradients that are not finite do: skip the whole update, as the original, or stop the run',
    }),

    G_loss: choice(generatorLosses, 'logistic_nonsaturating', { about: "the generator's loss; wgan for hinge, too" }),
    D_loss: choice(discriminatorLosses, 'logistic_simplegp', { about: "the discriminator's loss" }),
    r1_gamma: number(10, { least: 0, about: 'weight of R1', only: { D_loss: ['logistic_simplegp'] } }),
    r2_gamma: number(0, { least: 0, about: 'weight of R2', only: { D_loss: ['logistic_simplegp'] } }),
    wgan_lambda: number(10, { least: 0, about: 'weight of the gradient penalty', only: penalised }),
    wgan_target: number(1, { above: 0, about: 'norm of the gradient that is aimed at', only: penalised }),
    wgan_epsilon: number(0.001, {
      least: 0,
      about: 'weight of the squared scores of real images',
      only: { D_loss: ['wgan', 'wgan_gp'] },
    }),

    fmap_base: whole(8192, { least: 1, about: 'channels at 1×1, halved with each doubling of the resolution' }),
    fmap_max: whole(512, { least: 1, about: 'the most channels of a layer' }),
    latent_size: whole(512, { least: 1, about: 'numbers of a latent vector z' }),
    w_size: whole(512, { least: 1, about: 'numbers of a style vector w' }),
    mapping_layers: whole(8, { least: 1, about: 'layers of the mapping network' }),
    mapping_fmaps: whole(512, { least: 1, about: 'channels of its layers' }),
    mapping_lrmul: number(0.01, { above: 0, about: 'factor of their learning rate' }),
    fused_scale: choice(['auto', 'true', 'false'], 'auto', {
      about: 'convolve and resample in one operator; auto does from 128×128 on',
    }),
    style_mixing_prob: number(0.9, { least: 0, most: 1, about: 'how often two styles are mixed' }),
    w_avg_beta: number(0.995, { least: 0, most: 1, about: 'how much of the average of w stays in a step' }),
    truncation_psi: number(0.7, {
      least: 0,
      most: 1,
      about: 'ψ of images that are drawn later; the pictures of training have none',
    }),
    truncation_cutoff: whole(8, { about: 'layers that are truncated, from the coarsest on' }),

    image_snapshot_ticks: whole(1, { least: 1, about: 'ticks between pictures' }),
    network_snapshot_ticks: whole(10, { least: 1, about: 'ticks between files network-snapshot-<kimg>.pt' }),
    metrics: choice(['none', 'digits'], 'none', {
      about: 'figures at each network snapshot: digits are judged by a classifier of digits (mnist at 32×32)',
    }),
    resume_run_id: text('', {
      takes: 'a run folder, its number in runs, a file network-….pt, or a pickle of the original, ….pkl',
      about: 'networks to begin with; a stopped run goes on by isotorch resume instead',
    }),
    resume_snapshot: whole(0, { about: 'kimg of the network snapshot to begin with; 0 is the newest' }),
    resume_kimg: number(0, { least: 0, about: 'thousands of images that count as shown already' }),
    tick_kimg_base: number(160, {
      above: 0,
      about: 'thousands of images of a tick, where tick_kimg_dict does not say',
    }),
    tick_kimg_dict: by_resolution(tick_kimg, { whole: false, about: 'thousands of images of a tick, by resolution' }),
  },
});
