/** `torch.utils.data`: data sets and their batches. */
export * as _utils from './_utils';
export { default_collate, default_convert } from './_utils/collate';
export { _DatasetKind } from './_utils/fetch';
export { get_worker_info, type WorkerInfo } from './_utils/worker';
export { DataLoader, type DataLoaderOptions } from './dataloader';
export {
  ChainDataset,
  ConcatDataset,
  Dataset,
  type DatasetLike,
  IterableDataset,
  TensorDataset,
} from './dataset';
export { DistributedSampler } from './distributed';
export { DataLoaderIterator, type DataOrder } from './iterator';
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  Sampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from './sampler';
export type { Sized } from './sized';
export { StackDataset } from './stack_dataset';
export { random_split, Subset } from './subset';
export type { Collated } from './_utils/collate';
