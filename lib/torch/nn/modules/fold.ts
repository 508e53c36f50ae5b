import { type OneOrMany, pythonClass, pythonMethods } from '../../call';
import type { Tensor } from '../../memory';
import { fold, unfold } from '../functional/fold';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { shown } from '../module/repr';

/** One number for both dimensions, or one for each. */
type Size = OneOrMany<number>;

class FoldModule extends Module {
  static {
    pythonMethods(this.prototype, 'Fold', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Height and width of the result. */
    public output_size: Size,
    /** Size of the windows. */
    public kernel_size: Size,
    /** Distance between a window's elements. Default 1. */
    public dilation: Size = 1,
    /** Zeros on each side of the input. Default 0. */
    public padding: Size = 0,
    /** Steps of the windows. Default 1. */
    public stride: Size = 1,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return fold(input, this.output_size, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return shown(this, 'output_size', 'kernel_size', 'dilation', 'padding', 'stride');
  }
}

/**
 * The sum of windows given as columns: (N, C·kernel elements, windows) → (N, C, *output_size).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html
 */
export class Fold extends pythonClass(
  'Fold',
  ['output_size', 'kernel_size', 'dilation', 'padding', 'stride'],
  FoldModule,
) {}

class UnfoldModule extends Module {
  static {
    pythonMethods(this.prototype, 'Unfold', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Size of the windows. */
    public kernel_size: Size,
    /** Distance between a window's elements. Default 1. */
    public dilation: Size = 1,
    /** Zeros on each side of the input. Default 0. */
    public padding: Size = 0,
    /** Steps of the windows. Default 1. */
    public stride: Size = 1,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return unfold(input, this.kernel_size, this.dilation, this.padding, this.stride);
  }

  override extra_repr(): string {
    return shown(this, 'kernel_size', 'dilation', 'padding', 'stride');
  }
}

/**
 * The windows of (N, C, H, W) as columns: (N, C·kernel elements, windows).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 */
export class Unfold extends pythonClass('Unfold', ['kernel_size', 'dilation', 'padding', 'stride'], UnfoldModule) {}
