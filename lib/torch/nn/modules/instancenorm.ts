import { pythonClass, pythonMethods } from '../../call';
import { warn } from '../../core';
import type { Tensor } from '../../memory';
import { NotImplementedError, ValueError } from '../../native';
import { instance_norm } from '../functional/normalization';
import type { Factory } from '../module/factory';
import { checkDims, type Input } from '../module/inputs';
import { LOAD_ARGUMENTS, type LoadArguments } from '../module/state_hooks';
import { LAZY_STATISTICS, lazyNorm } from './batchnorm/lazy_norm';
import { _NormBase, STATISTICS } from './batchnorm/norm_base';

function unexpectedStatistics(keys: readonly string[], name: string): string {
  const names = keys.map((key) => `"${key}"`).join(' and ');
  return `Unexpected running stats buffer(s) ${names} for ${name} with track_running_stats=False. If state_dict is a checkpoint saved before 0.4.0, this may be expected because ${name} does not track running stats by default since 0.4.0. Please remove these keys from state_dict. If the running stats are actually needed, instead set track_running_stats=True in ${name} to enable them. See the documentation of ${name} for details.`;
}

class InstanceNormModule extends _NormBase {
  static {
    pythonMethods(this.prototype, '_InstanceNorm', {
      _apply_instance_norm: ['input'],
      _load_from_state_dict: LOAD_ARGUMENTS,
      forward: ['input'],
    });
  }

  constructor(
    num_features: number,
    eps: number = 1e-5,
    momentum: number | null = 0.1,
    affine: boolean = false,
    track_running_stats: boolean = false,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    bias: boolean = true,
  ) {
    super(num_features, eps, momentum, affine, track_running_stats, device, dtype, { bias });
  }

  /** Number of dimensions of an input without batch. */
  protected _get_no_batch_dim(): number {
    throw new NotImplementedError();
  }

  protected override _check_input_dim(input: Tensor): void {
    const alone = this._get_no_batch_dim();
    checkDims(input, alone, alone + 1);
  }

  protected _apply_instance_norm(input: Tensor): Tensor {
    const { running_mean, running_var, weight, bias, eps } = this;
    const ofInput = this.training || !this.track_running_stats;
    return instance_norm(input, running_mean, running_var, weight, bias, ofInput, this.momentum ?? 0, eps);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    const alone = this._get_no_batch_dim();
    const dim = input.ndim - alone;
    const channels = input.size(dim);
    if (channels !== this.num_features) {
      if (this.affine) {
        throw new ValueError(
          `expected input's size at dim=${dim} to match num_features (${this.num_features}), but got: ${channels}.`,
        );
      }
      warn(
        `input's size at dim=${dim} does not match num_features. You can silence this warning by not passing in num_features, which is not used because affine=False`,
      );
    }
    if (input.ndim !== alone) return this._apply_instance_norm(input);
    return this._apply_instance_norm(input.unsqueeze(0)).squeeze(0);
  }

  /** Before layout versions, these layers had running statistics by default. */
  override _load_from_state_dict(...args: LoadArguments): void;
  override _load_from_state_dict(
    state_dict: LoadArguments[0],
    prefix: string,
    local_metadata: LoadArguments[2],
    strict: boolean,
    missing_keys: string[],
    unexpected_keys: string[],
    error_msgs: string[],
  ): void {
    if (local_metadata.version === undefined && !this.track_running_stats) {
      const found = ['running_mean', 'running_var'].map((name) => prefix + name).filter((key) => state_dict.has(key));
      if (found.length > 0) error_msgs.push(unexpectedStatistics(found, this.constructor.name));
      for (const key of found) state_dict.delete(key);
    }
    super._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs);
  }
}

/** The base of the instance normalisations. */
export class _InstanceNorm extends pythonClass('_InstanceNorm', STATISTICS, InstanceNormModule) {}

/**
 * y = (x − mean)/√(var + eps)·weight + bias for each channel of each item of (N, C, L) or (C, L).
 *
 * Mean and variance are the item's own, unless there are running ones and it is evaluation.
 *
 * @throws ValueError for other shapes, and for a single value per channel
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html
 */
export class InstanceNorm1d extends _InstanceNorm {
  static {
    pythonMethods(this.prototype, 'InstanceNorm1d', { _get_no_batch_dim: [], _check_input_dim: ['input'] });
  }

  protected override _get_no_batch_dim(): number {
    return 2;
  }
}

/**
 * The same as `InstanceNorm1d`, for (N, C, H, W) or (C, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html
 */
export class InstanceNorm2d extends _InstanceNorm {
  static {
    pythonMethods(this.prototype, 'InstanceNorm2d', { _get_no_batch_dim: [], _check_input_dim: ['input'] });
  }

  protected override _get_no_batch_dim(): number {
    return 3;
  }
}

/**
 * The same as `InstanceNorm1d`, for (N, C, D, H, W) or (C, D, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm3d.html
 */
export class InstanceNorm3d extends _InstanceNorm {
  static {
    pythonMethods(this.prototype, 'InstanceNorm3d', { _get_no_batch_dim: [], _check_input_dim: ['input'] });
  }

  protected override _get_no_batch_dim(): number {
    return 4;
  }
}

/**
 * An InstanceNorm1d whose num_features is the length of dimension 1 of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm1d.html
 */
export class LazyInstanceNorm1d extends pythonClass(
  '_LazyNormBase',
  LAZY_STATISTICS,
  lazyNorm<_InstanceNorm>('LazyInstanceNorm1d', _InstanceNorm, InstanceNorm1d, 2, 3),
) {
  static {
    pythonMethods(this.prototype, 'LazyInstanceNorm1d', { _get_no_batch_dim: [] });
  }

  protected override _get_no_batch_dim(): number {
    return 2;
  }
}

/**
 * An InstanceNorm2d whose num_features is the length of dimension 1 of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm2d.html
 */
export class LazyInstanceNorm2d extends pythonClass(
  '_LazyNormBase',
  LAZY_STATISTICS,
  lazyNorm<_InstanceNorm>('LazyInstanceNorm2d', _InstanceNorm, InstanceNorm2d, 3, 4),
) {
  static {
    pythonMethods(this.prototype, 'LazyInstanceNorm2d', { _get_no_batch_dim: [] });
  }

  protected override _get_no_batch_dim(): number {
    return 3;
  }
}

/**
 * An InstanceNorm3d whose num_features is the length of dimension 1 of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm3d.html
 */
export class LazyInstanceNorm3d extends pythonClass(
  '_LazyNormBase',
  LAZY_STATISTICS,
  lazyNorm<_InstanceNorm>('LazyInstanceNorm3d', _InstanceNorm, InstanceNorm3d, 4, 5),
) {
  static {
    pythonMethods(this.prototype, 'LazyInstanceNorm3d', { _get_no_batch_dim: [] });
  }

  protected override _get_no_batch_dim(): number {
    return 4;
  }
}
