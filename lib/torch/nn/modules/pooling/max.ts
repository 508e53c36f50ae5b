/** Maxima of windows, and their way back. */
import { type Arguments, type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { max_pool1d, max_pool2d, max_pool3d } from '../../functional/max_pool';
import { max_unpool1d, max_unpool2d, max_unpool3d } from '../../functional/max_unpool';
import { ntuple } from '../../functional/sizes';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';

/** One number for all dimensions, or one for each. */
type Size = OneOrMany<number>;

class MaxPoolNd extends Module {
  static {
    pythonMethods(this.prototype, '_MaxPoolNd', { extra_repr: [] });
  }

  /** Steps of the windows; null is `kernel_size`. Default null. */
  stride: Size;

  constructor(
    /** Size of the windows. */
    public kernel_size: Size,
    stride: Size | null = null,
    /** Amount of −∞ on each side of the input. Default 0. */
    public padding: Size = 0,
    /** Distance between a window's elements. Default 1. */
    public dilation: Size = 1,
    /** Whether the result is [maxima, their places in the input], for `MaxUnpool`. Default false. */
    public return_indices: boolean = false,
    /** Whether windows may reach past the padding. Default false. */
    public ceil_mode: boolean = false,
  ) {
    super();
    this.stride = stride ?? kernel_size;
  }

  override extra_repr(): string {
    return shown(this, 'kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode');
  }
}

/** The base of the max poolings. */
class _MaxPoolNd extends pythonClass(
  '_MaxPoolNd',
  ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'],
  MaxPoolNd,
) {}

/**
 * Maxima of windows of (N, C, L) or (C, L).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
 */
export class MaxPool1d extends _MaxPoolNd {
  static {
    pythonMethods(this.prototype, 'MaxPool1d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    // Indices, where they are asked for, make a pair, whose items are as typed.
    return max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as Tensor;
  }
}

/**
 * Maxima of windows of (N, C, H, W) or (C, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export class MaxPool2d extends _MaxPoolNd {
  static {
    pythonMethods(this.prototype, 'MaxPool2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    // Indices, where they are asked for, make a pair, whose items are as typed.
    return max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as Tensor;
  }
}

/**
 * Maxima of windows of (N, C, D, H, W) or (C, D, H, W).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html
 */
export class MaxPool3d extends _MaxPoolNd {
  static {
    pythonMethods(this.prototype, 'MaxPool3d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    // Indices, where they are asked for, make a pair, whose items are as typed.
    return max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as Tensor;
  }
}

/** Arguments of an unpooling's `forward`. */
type Unpooled = Arguments<
  ['input', 'indices', 'output_size'],
  [input: Tensor, indices: Tensor, output_size?: readonly number[] | null]
>;

class MaxUnpoolNd extends Module {
  static {
    pythonMethods(this.prototype, '_MaxUnpoolNd', { extra_repr: [] });
  }

  /** Size of the windows. */
  kernel_size: readonly number[];
  /** Steps of the windows; null is `kernel_size`. Default null. */
  stride: readonly number[];
  /** Amount on each side of the input. Default 0. */
  padding: readonly number[];

  constructor(dims: number, kernel_size: Size, stride: Size | null, padding: Size) {
    super();
    this.kernel_size = ntuple(kernel_size, dims);
    this.stride = ntuple(stride ?? kernel_size, dims);
    this.padding = ntuple(padding, dims);
  }

  override extra_repr(): string {
    return shown(this, 'kernel_size', 'stride', 'padding');
  }
}

class MaxUnpool1dModule extends MaxUnpoolNd {
  static {
    pythonMethods(this.prototype, 'MaxUnpool1d', { forward: ['input', 'indices', 'output_size'] });
  }

  constructor(kernel_size: Size, stride: Size | null = null, padding: Size = 0) {
    super(1, kernel_size, stride, padding);
  }

  override forward(...args: Unpooled): Tensor;
  override forward(input: Tensor, indices: Tensor, output_size: readonly number[] | null = null): Tensor {
    return max_unpool1d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }
}

/**
 * Undoes `MaxPool1d`, as far as that can be: maxima go back to their places, between zeros. `output_size` tells apart the
 * sizes that pool to the same one.
 * @throws ValueError for an output size that cannot be
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html
 */
export class MaxUnpool1d extends pythonClass('MaxUnpool1d', ['kernel_size', 'stride', 'padding'], MaxUnpool1dModule) {}

class MaxUnpool2dModule extends MaxUnpoolNd {
  static {
    pythonMethods(this.prototype, 'MaxUnpool2d', { forward: ['input', 'indices', 'output_size'] });
  }

  constructor(kernel_size: Size, stride: Size | null = null, padding: Size = 0) {
    super(2, kernel_size, stride, padding);
  }

  override forward(...args: Unpooled): Tensor;
  override forward(input: Tensor, indices: Tensor, output_size: readonly number[] | null = null): Tensor {
    return max_unpool2d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }
}

/**
 * Undoes `MaxPool2d`, as far as that can be: maxima go back to their places, between zeros. `output_size` tells apart the
 * sizes that pool to the same one.
 * @throws ValueError for an output size that cannot be
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 */
export class MaxUnpool2d extends pythonClass('MaxUnpool2d', ['kernel_size', 'stride', 'padding'], MaxUnpool2dModule) {}

class MaxUnpool3dModule extends MaxUnpoolNd {
  static {
    pythonMethods(this.prototype, 'MaxUnpool3d', { forward: ['input', 'indices', 'output_size'] });
  }

  constructor(kernel_size: Size, stride: Size | null = null, padding: Size = 0) {
    super(3, kernel_size, stride, padding);
  }

  override forward(...args: Unpooled): Tensor;
  override forward(input: Tensor, indices: Tensor, output_size: readonly number[] | null = null): Tensor {
    return max_unpool3d(input, indices, this.kernel_size, this.stride, this.padding, output_size);
  }
}

/**
 * Undoes `MaxPool3d`, as far as that can be: maxima go back to their places, between zeros. `output_size` tells apart the
 * sizes that pool to the same one.
 * @throws ValueError for an output size that cannot be
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html
 */
export class MaxUnpool3d extends pythonClass('MaxUnpool3d', ['kernel_size', 'stride', 'padding'], MaxUnpool3dModule) {}
