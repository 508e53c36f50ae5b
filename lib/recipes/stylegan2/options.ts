/** Options of `stylegan2`. Names are the original's; `preset` chooses between its two sets of defaults. */
import { aboutRecipe, choice, flag, number, numbers, type OptionsOf, text, whole } from '../../train/options';
import { dataOptions } from '../data/options';

/** Defaults that the original has twice: of its class `Trainer`, and of its command line. */
const PRESETS = {
  trainer: { batch_size: 4, gradient_accumulate_every: 1, ttur_mult: 2, trunc_psi: 0.6 },
  cli: { batch_size: 5, gradient_accumulate_every: 6, ttur_mult: 1.5, trunc_psi: 0.75 },
} as const;

const preset = (name: keyof (typeof PRESETS)['cli']): string =>
  `the preset's, ${PRESETS.trainer[name]} for trainer and ${PRESETS.cli[name]} for cli`;

/** What is said of the recipe. */
export const about = aboutRecipe({
  name: 'stylegan2',
  summary: "lucidrains' StyleGAN2: styles, path length, and the losses whose arguments document 0 is about",
  source: 'document 0; lucidrains/stylegan2-pytorch 1.9.0 (MIT), and what differed until 1.8',
  session: { snapshot_every: 1000, sample_every: 1000 },
  options: {
    preset: choice(['trainer', 'cli'], 'trainer', {
      about: "defaults of the original's class Trainer, or of its command line",
    }),
    ...dataOptions({ data: 'mnist', image_size: 128 }),
    transparent: flag(false, { about: 'a fourth channel, alpha; files without transparency are opaque' }),
    latent_dim: whole(512, { least: 1, about: 'numbers of a latent and of a style' }),
    style_depth: whole(8, { least: 1, about: 'layers of the style network' }),
    network_capacity: whole(16, { least: 1, about: 'feature maps: twice as many in the last block of G' }),
    fmap_max: whole(512, { least: 1, about: 'the most feature maps of a layer' }),
    lr_mlp: number(0.1, { above: 0, about: "factor of the style network's weights" }),
    attn_layers: numbers([], { least: 1, about: 'blocks with attention, counted from 1 at full resolution' }),
    fq_layers: numbers([], { least: 1, about: 'blocks of D whose features are quantised, counted in the same way' }),
    fq_dict_size: whole(256, { least: 1, about: 'codes of each quantised block' }),
    no_const: flag(false, { about: 'make the first 4×4 image of the style; else it is learnt' }),
    batch_size: whole(0, { about: `images of a batch; 0 is ${preset('batch_size')}` }),
    gradient_accumulate_every: whole(0, {
      about: `batches of an update; 0 is ${preset('gradient_accumulate_every')}`,
    }),
    lr: number(2e-4, { above: 0, about: 'learning rate of G and S' }),
    ttur_mult: number(0, { least: 0, about: `factor of it for D; 0 is ${preset('ttur_mult')}` }),
    mixed_prob: number(0.9, { least: 0, most: 1, about: 'how often a batch mixes two styles' }),
    dual_contrast_loss: flag(false, { about: 'dual contrastive loss, in the place of the hinge' }),
    generator_roles: choice(['adversarial', 'cooperative'], 'adversarial', {
      about:
        "the generator's dual contrastive loss: against D's, or HEAD's (since 1.8.11), the same as D's, which diverges",
      only: { dual_contrast_loss: [true] },
    }),
    rel_disc_loss: flag(false, { about: 'D judges against the mean of the other half' }),
    gp_center: choice([0, 1], 0, {
      about: 'norm that gradients are pulled to: 0 on real and fake images, or 1 on real ones only, as until 1.8.11',
    }),
    no_pl_reg: flag(false, { about: 'no path length regularisation' }),
    path_length_after: whole(5000, { about: 'steps before path lengths count', only: { no_pl_reg: [false] } }),
    pl_mean_dtype: choice(['float32', 'float64'], 'float32', {
      about: "precision of the mean path length, which is the host's: float32 with NumPy 2, float64 with NumPy 1",
      only: { no_pl_reg: [false] },
    }),
    average_after: whole(20_000, { about: 'steps before the averages of S and G move; they are copies until then' }),
    aug_prob: number(0, {
      least: -1,
      most: 1,
      about:
        'how often a batch is augmented for D; -1 is (100000 - images) * 3e-6, at most 0.5, and none from 100000 on',
    }),
    aug_types: text('translation,cutout', {
      takes: 'names separated by commas',
      about:
        'augmentations: translation, cutout, (light)brightness, (light)contrast, (light)saturation, (light)color, offset, offset_h, offset_v',
    }),
    top_k_training: flag(false, { about: 'train G on the images that D believes most, fewer of them pass by pass' }),
    generator_top_k_gamma: number(0.99, {
      above: 0,
      most: 1,
      about: 'what is left of their share after each pass',
      only: { top_k_training: [true] },
    }),
    generator_top_k_frac: number(0.5, {
      above: 0,
      most: 1,
      about: 'least share',
      only: { top_k_training: [true] },
    }),
    trunc_psi: number(-1, { least: -1, most: 1, about: `truncation of samples; -1 is ${preset('trunc_psi')}` }),
    sample_from: choice(['average', 'current'], 'average', { about: 'networks that samples are drawn with' }),
    num_image_tiles: whole(8, { least: 1, most: 64, about: 'rows and columns of the picture of samples' }),
    recoveries: whole(3, { about: 'how often a number that is none is answered by going back to the last snapshot' }),
  },
});

/** The recipe's options. */
export type StyleGAN2RecipeOptions = OptionsOf<typeof about.options>;

/** The options with the preset's values where none were given. */
export function withPreset(options: StyleGAN2RecipeOptions): StyleGAN2RecipeOptions {
  const defaults = PRESETS[options.preset];
  return {
    ...options,
    batch_size: options.batch_size || defaults.batch_size,
    gradient_accumulate_every: options.gradient_accumulate_every || defaults.gradient_accumulate_every,
    ttur_mult: options.ttur_mult || defaults.ttur_mult,
    trunc_psi: options.trunc_psi < 0 ? defaults.trunc_psi : options.trunc_psi,
  };
}
