import { pythonClass, pythonMethods } from '../../call';
import type { Tensor } from '../../memory';
import {
  alpha_dropout,
  checkProbability,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  feature_alpha_dropout,
} from '../functional/dropout';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { shown } from '../module/repr';

class DropoutNdModule extends Module {
  static {
    pythonMethods(this.prototype, '_DropoutNd', { extra_repr: [] });
  }

  constructor(
    /** Probability that an element becomes zero. Default 0.5. */
    public p: number = 0.5,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
    checkProbability(p);
  }

  override extra_repr(): string {
    return shown(this, 'p', 'inplace');
  }
}

/** The base of the dropouts. */
export class _DropoutNd extends pythonClass('_DropoutNd', ['p', 'inplace'], DropoutNdModule) {}

/**
 * In training sets each element to zero with probability p and multiplies the others by 1/(1−p); in
 * evaluation does nothing.
 * @throws ValueError unless 0 ≤ p ≤ 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 */
export class Dropout extends _DropoutNd {
  static {
    pythonMethods(this.prototype, 'Dropout', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return dropout(input, this.p, this.training, this.inplace);
  }
}

/**
 * `Dropout` of whole channels of (N, C, L) or (C, L).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html
 */
export class Dropout1d extends _DropoutNd {
  static {
    pythonMethods(this.prototype, 'Dropout1d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return dropout1d(input, this.p, this.training, this.inplace);
  }
}

/**
 * `Dropout` of whole channels of (N, C, H, W); (N, C, L) with a warning.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html
 */
export class Dropout2d extends _DropoutNd {
  static {
    pythonMethods(this.prototype, 'Dropout2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return dropout2d(input, this.p, this.training, this.inplace);
  }
}

/**
 * `Dropout` of whole channels of (N, C, D, H, W) or (C, D, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html
 */
export class Dropout3d extends _DropoutNd {
  static {
    pythonMethods(this.prototype, 'Dropout3d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return dropout3d(input, this.p, this.training, this.inplace);
  }
}

/**
 * `Dropout` that keeps mean and variance of what `SELU` made.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html
 */
export class AlphaDropout extends _DropoutNd {
  static {
    pythonMethods(this.prototype, 'AlphaDropout', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return alpha_dropout(input, this.p, this.training);
  }
}

/**
 * `AlphaDropout` of whole channels.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html
 */
export class FeatureAlphaDropout extends _DropoutNd {
  static {
    pythonMethods(this.prototype, 'FeatureAlphaDropout', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return feature_alpha_dropout(input, this.p, this.training);
  }
}
