/** Losses of GANs: `isotorch/gan`. */
export * from './losses';
