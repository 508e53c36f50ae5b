import { type MethodArguments, pythonClass, pythonFunction, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import { FACTORY, type Factory } from '../../module/factory';
import type { Input } from '../../module/inputs';
import type { Module } from '../../module/module';
import { _BatchNorm } from './batchnorm';

class SyncBatchNormModule extends _BatchNorm {
  static {
    pythonMethods(this.prototype, 'SyncBatchNorm', {
      _check_input_dim: ['input'],
      _check_non_zero_input_channels: ['input'],
      forward: ['input'],
    });
  }

  constructor(
    num_features: number,
    eps: number = 1e-5,
    momentum: number | null = 0.1,
    affine: boolean = true,
    track_running_stats: boolean = true,
    /** Processes that share statistics; null is all of them. Default null. */
    public process_group: object | null = null,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    bias: boolean = true,
  ) {
    super(num_features, eps, momentum, affine, track_running_stats, device, dtype, { bias });
  }

  protected override _check_input_dim(input: Tensor): void {
    if (input.ndim < 2) throw new ValueError(`expected at least 2D input (got ${input.ndim}D input)`);
  }

  protected _check_non_zero_input_channels(input: Tensor): void {
    if (input.size(1) === 0) throw new ValueError('SyncBatchNorm number of input channels should be non-zero');
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    this._check_non_zero_input_channels(input);
    // There are no process groups, so that no other process has statistics: Python, too, then takes the batch's own.
    return this._normalise(input);
  }
}

/**
 * `convert_sync_batchnorm`. The layer's tensors are taken over, not copied.
 */
const convert = pythonFunction(
  'SyncBatchNorm.convert_sync_batchnorm',
  ['cls', 'module', 'process_group'],
  (cls: typeof SyncBatchNorm | null, module: Module, process_group: object | null = null): Module => {
    let converted = module;
    if (module instanceof _BatchNorm) {
      const { num_features, eps, momentum, affine, track_running_stats, weight, bias } = module;
      const made = new SyncBatchNorm(num_features, eps, momentum, affine, track_running_stats, process_group, {
        bias: bias !== null,
      });
      if (affine) {
        made.weight = weight;
        made.bias = bias;
      }
      made.running_mean = module.running_mean;
      made.running_var = module.running_var;
      made.num_batches_tracked = module.num_batches_tracked;
      made.training = module.training;
      converted = made;
    }
    for (const [name, child] of module.named_children()) {
      converted.add_module(name, convert(cls, child, process_group));
    }
    return converted;
  },
);

/**
 * Batch normalisation of (N, C, *) whose statistics are those of all processes of a group. Without one it is `BatchNorm1d`
 * for any number of dimensions.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html
 */
export class SyncBatchNorm extends pythonClass(
  'SyncBatchNorm',
  ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', 'process_group', ...FACTORY, '*', 'bias'],
  SyncBatchNormModule,
) {
  /** The module with a SyncBatchNorm in place of each batch normalisation, itself included. */
  static convert_sync_batchnorm(...args: MethodArguments<typeof convert>): Module {
    return convert(this ?? null, ...args);
  }
}
