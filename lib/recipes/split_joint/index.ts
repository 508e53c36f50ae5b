/** Document 4's experiment, BatchNorm with split and with joint discriminator batches: `isotorch/recipes/split_joint`. */
export * from './finding';
export * from './networks';
export * from './options';
export * from './recipe';
export * from './step';
export * from './summary';
