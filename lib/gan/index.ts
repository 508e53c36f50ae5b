/** Losses, penalties, regularisers, averages and augmentations of GANs: `isotorch/gan`. */
export * from './augment';
export * from './averages';
export * from './losses';
export * from './penalties';
export * from './regularisers';
