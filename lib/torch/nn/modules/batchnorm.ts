import { pythonClass, pythonMethods } from '../../call';
import { NotImplementedError, ValueError } from '../../native';
import { empty, ones, zeros } from '../../generated/functions';
import { tensor } from '../../tensor';
import { int64, valueText } from '../../core';
import type { Tensor } from '../../memory';
import { FACTORY, type Factory, factoryOptions } from '../module/factory';
import { shown } from '../module/repr';
import { batch_norm } from '../functional/normalization';
import { ones_, zeros_ } from '../init/basic';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { Parameter } from '../parameter';
import { LOAD_ARGUMENTS, type LoadArguments } from '../module/state_hooks';

class BatchNormModule extends Module {
  static {
    pythonMethods(this.prototype, '_NormBase', {
      reset_running_stats: [],
      reset_parameters: [],
      extra_repr: [],
      _load_from_state_dict: LOAD_ARGUMENTS,
    });
    pythonMethods(this.prototype, '_BatchNorm', { forward: ['input'] });
  }

  declare weight: Parameter | null;
  /** Whether an affine layer has a bias. Default true. */
  declare bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor(
    /** Length of the input's dimension 1: its channels. */
    readonly num_features: number,
    /** Added to the variance. Default 1e-5. */
    public eps: number = 1e-5,
    /** Weight of the new batch in the running statistics; null averages all batches alike. Default 0.1. */
    public momentum: number | null = 0.1,
    /** Whether to learn a weight and a bias. Default true. */
    readonly affine: boolean = true,
    /** Whether to keep running statistics; without them evaluation uses the batch's own. Default true. */
    public track_running_stats: boolean = true,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    bias: boolean = true,
  ) {
    super();
    const options = factoryOptions(device, dtype);
    this.register_parameter('weight', affine ? new Parameter(empty([num_features], options)) : null);
    this.register_parameter('bias', affine && bias ? new Parameter(empty([num_features], options)) : null);
    const tracked = track_running_stats;
    this.register_buffer('running_mean', tracked ? zeros([num_features], options) : null);
    this.register_buffer('running_var', tracked ? ones([num_features], options) : null);
    const count = () => tensor(0n, { dtype: int64, device: options.device });
    this.register_buffer('num_batches_tracked', tracked ? count() : null);
    this.reset_parameters();
  }

  override get _version(): number {
    return 2;
  }

  /** Forgets the running statistics: mean 0, variance 1, no batches. */
  reset_running_stats(): void {
    if (!this.track_running_stats) return;
    this.running_mean?.zero_();
    this.running_var?.fill_(1);
    this.num_batches_tracked?.zero_();
  }

  /** Forgets the running statistics and sets weight to 1, bias to 0. */
  reset_parameters(): void {
    this.reset_running_stats();
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  /** @throws ValueError for an input of the wrong number of dimensions */
  protected _check_input_dim(_input: Tensor): void {
    throw new NotImplementedError();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    const { training, track_running_stats, running_mean, running_var } = this;
    let factor = this.momentum ?? 0;
    if (training && track_running_stats && this.num_batches_tracked !== null) {
      this.num_batches_tracked.add_(1);
      if (this.momentum === null) factor = 1 / Number(this.num_batches_tracked.item());
    }
    const ofBatch = training || (running_mean === null && running_var === null);
    const used = !training || track_running_stats;
    return batch_norm(
      input,
      used ? running_mean : null,
      used ? running_var : null,
      this.weight,
      this.bias,
      ofBatch,
      factor,
      this.eps,
    );
  }

  override extra_repr(): string {
    const [bias, options] = [valueText(this.bias !== null), shown(this, 'eps', 'momentum', 'affine')];
    return `${this.num_features}, ${options}, bias=${bias}, ${shown(this, 'track_running_stats')}`;
  }

  /** Layout version 1 had no `num_batches_tracked`: its absence there is not an error. */
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
    const key = `${prefix}num_batches_tracked`;
    const { version } = local_metadata;
    const old = version === undefined || version < 2;
    if (old && this.track_running_stats && !state_dict.has(key)) {
      state_dict.set(key, this.num_batches_tracked ?? tensor(0n, { dtype: int64 }));
    }
    super._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs);
  }
}

/** The base of the batch normalisations. */
class BatchNorm extends pythonClass(
  '_BatchNorm',
  ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', ...FACTORY, '*', 'bias'],
  BatchNormModule,
) {}

/**
 * y = (x − mean)/√(var + eps)·weight + bias for each channel of (N, C) or (N, C, L), over N and L.
 *
 * In training mean and (biased) variance are the batch's, and the running statistics move by running ←
 * (1−momentum)·running + momentum·batch, with the unbiased variance; in evaluation the running ones are used.
 *
 * @throws ValueError for other shapes, and in training for a single value per channel
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 */
export class BatchNorm1d extends BatchNorm {
  static {
    pythonMethods(this.prototype, 'BatchNorm1d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new ValueError(`expected 2D or 3D input (got ${input.ndim}D input)`);
    }
  }
}

/**
 * The same as `BatchNorm1d`, for (N, C, H, W), over N, H and W.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export class BatchNorm2d extends BatchNorm {
  static {
    pythonMethods(this.prototype, 'BatchNorm2d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    if (input.ndim !== 4) throw new ValueError(`expected 4D input (got ${input.ndim}D input)`);
  }
}
