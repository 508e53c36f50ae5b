/** Document 3's nine losses, by the original's names. */
import type { Tensor } from 'isotorch';
import {
  hinge_discriminator_loss,
  hinge_gp_discriminator_loss,
  logistic_discriminator_loss,
  logistic_generator_loss,
  logistic_simplegp_discriminator_loss,
  saturating_logistic_generator_loss,
  wgan_discriminator_loss,
  wgan_generator_loss,
  wgan_gp_discriminator_loss,
} from '../../gan';
import type { discriminatorLosses, generatorLosses } from './options';

/** Name of a loss of the generator. */
export type GeneratorLoss = (typeof generatorLosses)[number];

/** Name of a loss of the discriminator. */
export type DiscriminatorLoss = (typeof discriminatorLosses)[number];

/** Weights of the losses' terms. */
export interface LossWeights {
  readonly r1_gamma: number;
  readonly r2_gamma: number;
  readonly wgan_lambda: number;
  readonly wgan_target: number;
  readonly wgan_epsilon: number;
}

/** A discriminator with its labels, if any. */
export type Critic = (images: Tensor) => Tensor;

/** The generator's losses of the scores of its images. */
export const generator_loss: Readonly<Record<GeneratorLoss, (fake: Tensor) => Tensor>> = {
  logistic_nonsaturating: (fake) => logistic_generator_loss(null, fake),
  logistic_saturating: (fake) => saturating_logistic_generator_loss(null, fake),
  wgan: (fake) => wgan_generator_loss(null, fake),
};

type DiscriminatorTerm = (critic: Critic, real: Tensor, fake: Tensor, weights: LossWeights) => Tensor;

/** The discriminator's losses of real and generated images. */
export const discriminator_loss: Readonly<Record<DiscriminatorLoss, DiscriminatorTerm>> = {
  logistic: (critic, real, fake) => logistic_discriminator_loss(critic(real), critic(fake)),
  logistic_simplegp: (critic, real, fake, { r1_gamma, r2_gamma }) =>
    logistic_simplegp_discriminator_loss(critic, real, fake, { r1_gamma, r2_gamma }),
  wgan: (critic, real, fake, { wgan_epsilon }) =>
    wgan_discriminator_loss(critic(real), critic(fake), { drift: wgan_epsilon }),
  wgan_gp: (critic, real, fake, { wgan_lambda, wgan_target, wgan_epsilon }) =>
    wgan_gp_discriminator_loss(critic, real, fake, { weight: wgan_lambda, target: wgan_target, drift: wgan_epsilon }),
  hinge: (critic, real, fake) => hinge_discriminator_loss(critic(real), critic(fake)),
  hinge_gp: (critic, real, fake, { wgan_lambda, wgan_target }) =>
    hinge_gp_discriminator_loss(critic, real, fake, { weight: wgan_lambda, target: wgan_target }),
};
