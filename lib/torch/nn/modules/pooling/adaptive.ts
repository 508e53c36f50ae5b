/** Pooling to a given output size. */
import { type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import { adaptive_avg_pool1d } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import {
  adaptive_avg_pool2d,
  adaptive_avg_pool3d,
  adaptive_max_pool1d,
  adaptive_max_pool2d,
  adaptive_max_pool3d,
} from '../../functional/adaptive_pool';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';

/** One size for all dimensions, or one for each; null is the input's. */
type Output = OneOrMany<number | null>;

class AdaptiveMaxPoolNd extends Module {
  static {
    pythonMethods(this.prototype, '_AdaptiveMaxPoolNd', { extra_repr: [] });
  }

  constructor(
    /** Spatial size of the result; null keeps that of the input. */
    public output_size: Output,
    /** Whether the result is [maxima, their places in the input]. Default false. */
    public return_indices: boolean = false,
  ) {
    super();
  }

  override extra_repr(): string {
    return shown(this, 'output_size');
  }
}

/** The base of the adaptive max poolings. */
class _AdaptiveMaxPoolNd extends pythonClass(
  '_AdaptiveMaxPoolNd',
  ['output_size', 'return_indices'],
  AdaptiveMaxPoolNd,
) {}

/**
 * Maxima of as many windows of (N, C, L) or (C, L) as `output_size` says.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html
 */
export class AdaptiveMaxPool1d extends _AdaptiveMaxPoolNd {
  static {
    pythonMethods(this.prototype, 'AdaptiveMaxPool1d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return adaptive_max_pool1d(input, this.output_size as OneOrMany<number>, this.return_indices) as Tensor;
  }
}

/**
 * Maxima of as many windows of (N, C, H, W) or (C, H, W) as `output_size` says.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html
 */
export class AdaptiveMaxPool2d extends _AdaptiveMaxPoolNd {
  static {
    pythonMethods(this.prototype, 'AdaptiveMaxPool2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return adaptive_max_pool2d(input, this.output_size, this.return_indices) as Tensor;
  }
}

/**
 * Maxima of as many windows of (N, C, D, H, W) or (C, D, H, W) as `output_size` says.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html
 */
export class AdaptiveMaxPool3d extends _AdaptiveMaxPoolNd {
  static {
    pythonMethods(this.prototype, 'AdaptiveMaxPool3d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return adaptive_max_pool3d(input, this.output_size, this.return_indices) as Tensor;
  }
}

class AdaptiveAvgPoolNd extends Module {
  static {
    pythonMethods(this.prototype, '_AdaptiveAvgPoolNd', { extra_repr: [] });
  }

  constructor(
    /** Spatial size of the result; null keeps that of the input. */
    public output_size: Output,
  ) {
    super();
  }

  override extra_repr(): string {
    return shown(this, 'output_size');
  }
}

/** The base of the adaptive means. */
class _AdaptiveAvgPoolNd extends pythonClass('_AdaptiveAvgPoolNd', ['output_size'], AdaptiveAvgPoolNd) {}

/**
 * Means of as many windows of (N, C, L) or (C, L) as `output_size` says.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html
 */
export class AdaptiveAvgPool1d extends _AdaptiveAvgPoolNd {
  static {
    pythonMethods(this.prototype, 'AdaptiveAvgPool1d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return adaptive_avg_pool1d(input, this.output_size as OneOrMany<number>);
  }
}

/**
 * Means of as many windows of (N, C, H, W) or (C, H, W) as `output_size` says.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
 */
export class AdaptiveAvgPool2d extends _AdaptiveAvgPoolNd {
  static {
    pythonMethods(this.prototype, 'AdaptiveAvgPool2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return adaptive_avg_pool2d(input, this.output_size);
  }
}

/**
 * Means of as many windows of (N, C, D, H, W) or (C, D, H, W) as `output_size` says.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html
 */
export class AdaptiveAvgPool3d extends _AdaptiveAvgPoolNd {
  static {
    pythonMethods(this.prototype, 'AdaptiveAvgPool3d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return adaptive_avg_pool3d(input, this.output_size);
  }
}
