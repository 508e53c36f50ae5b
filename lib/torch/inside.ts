/** What tests, proofs and benchmarks need of the inside. The package does not export it. */
export { padReplicating, resizeLinearly } from './nn/functional/deterministic';
export { maxPool3d } from './nn/functional/deterministic_max_pool';
export { invertDistribution } from './nn/init/truncated';
export { implementationOf } from './call/python_function';
export { handleOf, isTensor } from './memory/handle';
export { wrap } from './memory/wrap';
export { native } from './native';
export { bytesOf } from './tensor/creation/elements';
export { CAPTURABLE_DEVICES } from './optim/capture';
export { summaryText } from './cuda/memory_summary';
export { runDataWorker } from './utils/data/_utils/worker';
