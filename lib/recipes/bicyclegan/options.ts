/** Options of `bicyclegan`; names are the original's where it has them. */
import { aboutRecipe, choice, flag, number, type OptionsOf, scheduleOptions, whole } from '../../train/options';
import { pairedOptions, validated } from '../paired/options';

/** What is said of the recipe. */
export const about = aboutRecipe({
  name: 'bicyclegan',
  summary: 'BicycleGAN: an image into many of its pairs, by a code that an encoder reads from the answer',
  source: 'Zhu et al. 2017 (arXiv:1711.11586); junyanz/BicycleGAN at 40b9d52 (BSD), step for step',
  options: {
    ...pairedOptions,
    load_size: whole(0, { most: 4096, about: 'size before the random crop to image_size; 0 does not crop' }),
    flip: flag(true, { about: 'flip half of the pairs' }),
    batch_size: whole(2, { least: 2, about: 'pairs of a batch: the first half gives codes, the second real answers' }),
    epochs: whole(0, { about: 'passes over the data; 0 is niter + niter_decay, or 200 where there are none' }),
    nz: whole(8, { least: 1, about: 'numbers of a code' }),
    where_add: choice(['all', 'input'], 'all', { about: 'where the generator sees the code' }),
    netE: choice(['resnet', 'conv'], 'resnet', { about: 'kind of encoder' }),
    num_Ds: whole(2, { least: 1, most: 4, about: 'scales of each discriminator' }),
    one_scale: choice(['per_sample', 'mean'], 'per_sample', {
      about:
        "loss of a discriminator of one scale: summed over samples, as the original's loop does by accident, or its mean",
      only: { num_Ds: [1] },
    }),
    ngf: whole(64, { least: 1, about: "feature maps of the generator's outermost level" }),
    ndf: whole(64, { least: 1, about: "feature maps of the discriminators' first layer" }),
    nef: whole(64, { least: 1, about: "feature maps of the encoder's first layer" }),
    norm: choice(['instance', 'batch', 'none'], 'instance', { about: 'normalisation' }),
    nl: choice(['relu', 'lrelu', 'elu'], 'relu', { about: "activation on the generator's way up" }),
    upsample: choice(['basic', 'bilinear'], 'basic', { about: 'transposed convolutions, or bilinear ones' }),
    use_dropout: flag(false, { about: "dropout in the generator's inner levels" }),
    init_type: choice(['xavier', 'normal', 'kaiming', 'orthogonal'], 'xavier', {
      about: 'distribution of first weights',
    }),
    init_gain: number(0.02, {
      above: 0,
      about: 'its gain',
      only: { init_type: ['xavier', 'normal', 'orthogonal'] },
    }),
    conditional_D: flag(false, { about: 'the discriminators see the given image, too' }),
    use_same_D: flag(false, { about: 'one discriminator for both halves' }),
    gan_mode: choice(['lsgan', 'vanilla', 'wgangp'], 'lsgan', {
      about: 'adversarial loss; wgangp without a penalty, as the original calls none',
    }),
    lambda_GAN: number(1, { least: 0, about: 'weight of the loss of encoded fakes; 0 leaves their discriminator out' }),
    lambda_GAN2: number(1, { least: 0, about: 'weight of the loss of random fakes; 0 leaves their discriminator out' }),
    lambda_L1: number(10, { least: 0, about: 'weight of |G(A, E(B)) − B|' }),
    lambda_z: number(0.5, { least: 0, about: 'weight of |E(G(A, z)) − z|, which trains G alone' }),
    lambda_kl: number(0.01, { least: 0, about: 'weight of the distance of codes to N(0, 1)' }),
    lr: number(2e-4, { above: 0, about: 'learning rate of all networks' }),
    beta1: number(0.5, { least: 0, most: 0.999, about: "Adam's first beta" }),
    ...scheduleOptions,
    val_metric: choice(['val_L1', 'val_frechet'], 'val_L1', {
      about: 'figure that patience and plateau look at',
      only: validated,
    }),
  },
});

/** The recipe's options. */
export type BicycleGANOptions = OptionsOf<typeof about.options>;
