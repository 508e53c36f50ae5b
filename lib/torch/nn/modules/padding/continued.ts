/** Paddings that continue the input by its own elements. */
import { pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { NotImplementedError } from '../../../native';
import { pad } from '../../functional/pad';
import { checkDims, type Input } from '../../module/inputs';
import { PadNd, withSides } from './pad_nd';

class CircularPadNdBase extends PadNd {
  static {
    pythonMethods(this.prototype, '_CircularPadNd', { forward: ['input'], extra_repr: [] });
  }

  /** Throws ValueError for an input of the wrong number of dimensions. */
  protected _check_input_dim(_input: Tensor): void {
    throw new NotImplementedError();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    this._check_input_dim(input);
    return pad(input, this.padding, 'circular');
  }
}

/**
 * (N, C, L) or (C, L) continued as if it were repeated.
 * @throws ValueError for other numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html
 */
export class CircularPad1d extends pythonClass('CircularPad1d', ['padding'], withSides(CircularPadNdBase, 2)) {
  static {
    pythonMethods(this.prototype, 'CircularPad1d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    checkDims(input, 2, 3);
  }
}

/**
 * (N, C, H, W) or (C, H, W) continued as if it were repeated.
 * @throws ValueError for other numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html
 */
export class CircularPad2d extends pythonClass('CircularPad2d', ['padding'], withSides(CircularPadNdBase, 4)) {
  static {
    pythonMethods(this.prototype, 'CircularPad2d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    checkDims(input, 3, 4);
  }
}

/**
 * (N, C, D, H, W) or (C, D, H, W) continued as if it were repeated.
 * @throws ValueError for other numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html
 */
export class CircularPad3d extends pythonClass('CircularPad3d', ['padding'], withSides(CircularPadNdBase, 6)) {
  static {
    pythonMethods(this.prototype, 'CircularPad3d', { _check_input_dim: ['input'] });
  }

  protected override _check_input_dim(input: Tensor): void {
    checkDims(input, 4, 5);
  }
}

class ReflectionPadNdBase extends PadNd {
  static {
    pythonMethods(this.prototype, '_ReflectionPadNd', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'reflect');
  }
}

/**
 * (N, C, L) or (C, L) mirrored at its borders, which are not repeated.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html
 */
export class ReflectionPad1d extends pythonClass('ReflectionPad1d', ['padding'], withSides(ReflectionPadNdBase, 2)) {}

/**
 * (N, C, H, W) or (C, H, W) mirrored at its borders, which are not repeated.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
 */
export class ReflectionPad2d extends pythonClass('ReflectionPad2d', ['padding'], withSides(ReflectionPadNdBase, 4)) {}

/**
 * (N, C, D, H, W) or (C, D, H, W) mirrored at its borders, which are not repeated.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html
 */
export class ReflectionPad3d extends pythonClass('ReflectionPad3d', ['padding'], withSides(ReflectionPadNdBase, 6)) {}

class ReplicationPadNdBase extends PadNd {
  static {
    pythonMethods(this.prototype, '_ReplicationPadNd', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return pad(input, this.padding, 'replicate');
  }
}

/**
 * (N, C, L) or (C, L) continued by the elements at its borders.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html
 */
export class ReplicationPad1d extends pythonClass(
  'ReplicationPad1d',
  ['padding'],
  withSides(ReplicationPadNdBase, 2),
) {}

/**
 * (N, C, H, W) or (C, H, W) continued by the elements at its borders.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
 */
export class ReplicationPad2d extends pythonClass(
  'ReplicationPad2d',
  ['padding'],
  withSides(ReplicationPadNdBase, 4),
) {}

/**
 * (N, C, D, H, W) or (C, D, H, W) continued by the elements at its borders.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html
 */
export class ReplicationPad3d extends pythonClass(
  'ReplicationPad3d',
  ['padding'],
  withSides(ReplicationPadNdBase, 6),
) {}
