/** Augmentations that gradients go through, and the probability that adapts them. */
export { type AdaOptions, type AdaPipeline, ada_pipelines } from './ada/options';
export { AdaAugment } from './ada/pipeline';
export * from './diff_augment';
export * from './probability';
export * from './pseudo_augment';
