/** `torch.utils.data`: datasets and their batches. */
export * from './dataloader';
export * from './dataset';
export { RandomSampler, type RandomSamplerOptions, SequentialSampler, type Sized } from './sampler';
