import { pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { batch_norm } from '../../functional/normalization';
import type { Factory } from '../../module/factory';
import { checkDims, type Input } from '../../module/inputs';
import { _NormBase, STATISTICS } from './norm_base';

class BatchNormModule extends _NormBase {
  static {
    pythonMethods(this.prototype, '_BatchNorm', { forward: ['input'] });
  }

  // Python's bases write the parameters out again, too: the words for wrong calls name the class.
  constructor(
    num_features: number,
    eps: number = 1e-5,
    momentum: number | null = 0.1,
    affine: boolean = true,
    track_running_stats: boolean = true,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    bias: boolean = true,
  ) {
    super(num_features, eps, momentum, affine, track_running_stats, device, dtype, { bias });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    return this._normalise(input);
  }

  /** The normalisation itself, of an input whose shape fits. */
  protected _normalise(input: Tensor): Tensor {
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
}

/** The base of the batch normalisations. */
export class _BatchNorm extends pythonClass('_BatchNorm', STATISTICS, BatchNormModule) {}

/**
 * y = (x − mean)/√(var + eps)·weight + bias for each channel of (N, C) or (N, C, L), over N and L.
 *
 * In training mean and (biased) variance are the batch's, and the running statistics move by running ←
 * (1−momentum)·running + momentum·batch, with the unbiased variance; in evaluation the running ones are used.
 *
 * @throws ValueError for other shapes, and in training for a single value per channel
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 */
export class BatchNorm1d extends _BatchNorm {
  static {
    pythonMethods(this.prototype, 'BatchNorm1d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    checkDims(input, 2, 3);
  }
}

/**
 * The same as `BatchNorm1d`, for (N, C, H, W), over N, H and W.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export class BatchNorm2d extends _BatchNorm {
  static {
    pythonMethods(this.prototype, 'BatchNorm2d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    checkDims(input, 4);
  }
}

/**
 * The same as `BatchNorm1d`, for (N, C, D, H, W), over N, D, H and W.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html
 */
export class BatchNorm3d extends _BatchNorm {
  static {
    pythonMethods(this.prototype, 'BatchNorm3d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    checkDims(input, 5);
  }
}
