/** GAN losses: pure functions of discriminator logits, always `(real, fake)` in that order. */
export * from './category';
export * from './cross_entropy';
export * from './dual_contrastive';
export * from './hinge';
export * from './least_squares';
export * from './logistic';
export type { LossOptions, Reduction } from './reduction';
export * from './relativistic';
export * from './wasserstein';
