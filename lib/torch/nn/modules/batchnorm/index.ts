/** `torch.nn.modules.batchnorm`. */
export { _BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d } from './batchnorm';
export { LazyBatchNorm1d, LazyBatchNorm2d, LazyBatchNorm3d } from './lazy';
export { _NormBase } from './norm_base';
export { SyncBatchNorm } from './sync';
