import { pythonClass } from '../../../call';
import { _BatchNorm, BatchNorm1d, BatchNorm2d, BatchNorm3d } from './batchnorm';
import { LAZY_STATISTICS, lazyNorm } from './lazy_norm';

/**
 * A BatchNorm1d whose num_features is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm1d.html
 */
export class LazyBatchNorm1d extends pythonClass(
  '_LazyNormBase',
  LAZY_STATISTICS,
  lazyNorm<_BatchNorm>('LazyBatchNorm1d', _BatchNorm, BatchNorm1d, 2, 3),
) {}

/**
 * A BatchNorm2d whose num_features is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm2d.html
 */
export class LazyBatchNorm2d extends pythonClass(
  '_LazyNormBase',
  LAZY_STATISTICS,
  lazyNorm<_BatchNorm>('LazyBatchNorm2d', _BatchNorm, BatchNorm2d, 4),
) {}

/**
 * A BatchNorm3d whose num_features is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm3d.html
 */
export class LazyBatchNorm3d extends pythonClass(
  '_LazyNormBase',
  LAZY_STATISTICS,
  lazyNorm<_BatchNorm>('LazyBatchNorm3d', _BatchNorm, BatchNorm3d, 5),
) {}
