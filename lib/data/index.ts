/** Datasets and their batches: `isotorch/data`. */
export * from './dataloader';
export * from './dataset';
export * from './idx';
export * from './mnist';
export { RandomSampler, type RandomSamplerOptions, SequentialSampler, type Sized } from './sampler';
