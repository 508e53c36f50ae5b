/** GAN training steps, networks, losses and sample figures: `isotorch/gan`. */
export * from './losses';
export * from './networks';
export * from './sample_quality';
export * from './split_joint';
