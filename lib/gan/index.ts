/** Losses, penalties, regularisers and augmentations of GANs: `isotorch/gan`. */
export * from './losses';
export * from './penalties';
