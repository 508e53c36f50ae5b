/** Means and power means of windows. */
import { type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import { asFloat } from '../../../core';
import { avg_pool1d } from '../../../generated/functions';
import { avg_pool2d, avg_pool3d } from '../../../generated/nn_functional';
import type { Tensor } from '../../../memory';
import { lp_pool1d, lp_pool2d, lp_pool3d } from '../../functional/lp_pool';
import { ntuple } from '../../functional/sizes';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';

/** One number for all dimensions, or one for each. */
type Size = OneOrMany<number>;

const WINDOWS = ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad'] as const;

class AvgPoolNd extends Module {
  static {
    pythonMethods(this.prototype, '_AvgPoolNd', { extra_repr: [] });
  }

  /** Steps of the windows; null is `kernel_size`. Default null. */
  stride: Size;

  constructor(
    /** Size of the windows. */
    public kernel_size: Size,
    stride: Size | null = null,
    /** Zeros on each side of the input. Default 0. */
    public padding: Size = 0,
    /** Whether windows may reach past the padding. Default false. */
    public ceil_mode: boolean = false,
    /** Whether the zeros of the padding count. Default true. */
    public count_include_pad: boolean = true,
  ) {
    super();
    this.stride = stride ?? kernel_size;
  }

  override extra_repr(): string {
    return shown(this, 'kernel_size', 'stride', 'padding');
  }
}

class AvgPool1dModule extends AvgPoolNd {
  static {
    pythonMethods(this.prototype, 'AvgPool1d', { forward: ['input'] });
  }

  constructor(
    kernel_size: Size,
    stride: Size | null = null,
    padding: Size = 0,
    ceil_mode: boolean = false,
    count_include_pad: boolean = true,
  ) {
    const [kernel, steps, around] = [kernel_size, stride ?? kernel_size, padding].map((size) => ntuple(size, 1));
    super(kernel!, steps!, around!, ceil_mode, count_include_pad);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad } = this;
    return avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

/**
 * Means of windows of (N, C, L) or (C, L).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
 */
export class AvgPool1d extends pythonClass('AvgPool1d', WINDOWS, AvgPool1dModule) {}

class DividedAvgPool extends AvgPoolNd {
  constructor(
    kernel_size: Size,
    stride: Size | null = null,
    padding: Size = 0,
    ceil_mode: boolean = false,
    count_include_pad: boolean = true,
    /** Divisor in place of the number of elements. Default null. */
    public divisor_override: number | null = null,
  ) {
    super(kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

/**
 * Means of windows of (N, C, H, W) or (C, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export class AvgPool2d extends pythonClass('AvgPool2d', [...WINDOWS, 'divisor_override'], DividedAvgPool) {
  static {
    pythonMethods(this.prototype, 'AvgPool2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

/**
 * Means of windows of (N, C, D, H, W) or (C, D, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html
 */
export class AvgPool3d extends pythonClass('AvgPool3d', [...WINDOWS, 'divisor_override'], DividedAvgPool) {
  static {
    pythonMethods(this.prototype, 'AvgPool3d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

class LPPoolNd extends Module {
  static {
    pythonMethods(this.prototype, '_LPPoolNd', { extra_repr: [] });
  }

  constructor(
    /** p of the mean. */
    public norm_type: number,
    /** Size of the windows. */
    public kernel_size: Size,
    /** Steps of the windows; null is `kernel_size`. Default null. */
    public stride: Size | null = null,
    /** Whether windows may reach past the input. Default false. */
    public ceil_mode: boolean = false,
  ) {
    super();
  }

  override extra_repr(): string {
    return shown(this, 'norm_type', 'kernel_size', 'stride', 'ceil_mode');
  }
}

/** The base of the power means. */
class _LPPoolNd extends pythonClass('_LPPoolNd', ['norm_type', 'kernel_size', 'stride', 'ceil_mode'], LPPoolNd) {}

/**
 * (Σxᵖ)^(1/p) over windows of (N, C, L) or (C, L).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html
 */
export class LPPool1d extends _LPPoolNd {
  static {
    pythonMethods(this.prototype, 'LPPool1d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return lp_pool1d(input, asFloat(Number(this.norm_type)), this.kernel_size as number, this.stride, this.ceil_mode);
  }
}

/**
 * (Σxᵖ)^(1/p) over windows of (N, C, H, W) or (C, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html
 */
export class LPPool2d extends _LPPoolNd {
  static {
    pythonMethods(this.prototype, 'LPPool2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return lp_pool2d(input, asFloat(Number(this.norm_type)), this.kernel_size, this.stride, this.ceil_mode);
  }
}

/**
 * (Σxᵖ)^(1/p) over windows of (N, C, D, H, W) or (C, D, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html
 */
export class LPPool3d extends _LPPoolNd {
  static {
    pythonMethods(this.prototype, 'LPPool3d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return lp_pool3d(input, asFloat(Number(this.norm_type)), this.kernel_size, this.stride, this.ceil_mode);
  }
}
