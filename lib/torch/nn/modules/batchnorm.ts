import { ValueError } from '../../native/errors';
import { empty, ones, zeros } from '../../generated/functions';
import { tensor } from '../../tensor/creation/tensor';
import { int64 } from '../../core/dtype';
import { valueText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, type FactoryOptions, factory, readArguments } from '../module/arguments';
import { batch_norm } from '../functional/normalization';
import { ones_, zeros_ } from '../init/basic';
import { Module } from '../module/module';
import { Parameter } from '../parameter';
import type { LoadContext } from '../module/state_dict';

/** Options of the batch normalisations. */
export interface BatchNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Weight of the new batch in the running statistics; null averages all batches alike. Default 0.1. */
  momentum?: number | null;
  /** Whether to learn a weight and a bias. Default true. */
  affine?: boolean;
  /** Whether to keep running statistics; without them evaluation uses the batch's own. Default true. */
  track_running_stats?: boolean;
  /** Whether an affine layer has a bias. Default true. */
  bias?: boolean;
}

/** The base of the batch normalisations. */
export abstract class BatchNorm extends Module {
  readonly num_features: number;
  eps: number;
  momentum: number | null;
  readonly affine: boolean;
  track_running_stats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor(
    num_features: number,
    ...rest: Arguments<BatchNormOptions, ['eps', 'momentum', 'affine', 'track_running_stats']>
  );
  constructor(num_features: number, options?: BatchNormOptions);
  constructor(num_features: number, ...rest: unknown[]) {
    super();
    const defaults: Required<BatchNormOptions> = {
      eps: 1e-5,
      momentum: 0.1,
      affine: true,
      track_running_stats: true,
      device: null,
      dtype: null,
      bias: true,
    };
    const options = readArguments(`${this.constructor.name}.__init__`, defaults, rest);
    const made = factory(options);
    this.num_features = num_features;
    this.eps = options.eps;
    this.momentum = options.momentum;
    this.affine = options.affine;
    this.track_running_stats = options.track_running_stats;
    this.weight = options.affine ? new Parameter(empty([num_features], made)) : null;
    this.bias = options.affine && options.bias ? new Parameter(empty([num_features], made)) : null;
    const tracked = options.track_running_stats;
    this.register_buffer('running_mean', tracked ? zeros([num_features], made) : null);
    this.register_buffer('running_var', tracked ? ones([num_features], made) : null);
    const count = () => tensor(0n, { dtype: int64, device: made.device });
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

  /** Throws ValueError for an input of the wrong number of dimensions. */
  protected abstract checkInput(input: Tensor): void;

  override forward(input: Tensor): Tensor {
    this.checkInput(input);
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
    const shown = {
      eps: this.eps,
      momentum: this.momentum,
      affine: this.affine,
      bias: this.bias !== null,
      track_running_stats: this.track_running_stats,
    };
    const options = Object.entries(shown).map(([name, value]) => `${name}=${valueText(value)}`);
    return [this.num_features, ...options].join(', ');
  }

  /** Layout version 1 had no `num_batches_tracked`: its absence there is not an error. */
  override loadOwnState(context: LoadContext): void {
    const key = `${context.prefix}num_batches_tracked`;
    const old = context.version === undefined || context.version < 2;
    if (old && this.track_running_stats && !context.state.has(key)) {
      const count = this.num_batches_tracked ?? tensor(0n, { dtype: int64 });
      context.state.set(key, count);
    }
    super.loadOwnState(context);
  }
}

/**
 * y = (x − mean)/√(var + eps)·weight + bias for each channel of (N, C) or (N, C, L), over N and L.
 *
 * In training mean and (biased) variance are the batch's, and the running statistics move by
 * running ← (1−momentum)·running + momentum·batch, with the unbiased variance; in evaluation the running ones
 * are used. Throws ValueError for other shapes, and in training for a single value per channel.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 */
export class BatchNorm1d extends BatchNorm {
  protected override checkInput(input: Tensor): void {
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new ValueError(`expected 2D or 3D input (got ${input.ndim}D input)`);
    }
  }
}

/**
 * The same as `BatchNorm1d`, for (N, C, H, W), over N, H and W.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export class BatchNorm2d extends BatchNorm {
  protected override checkInput(input: Tensor): void {
    if (input.ndim !== 4) throw new ValueError(`expected 4D input (got ${input.ndim}D input)`);
  }
}
