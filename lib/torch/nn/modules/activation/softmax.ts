/** Softmax and its kin. */
import { pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import { log_softmax, softmax, softmin } from '../../functional/softmax';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';

class AlongDimModule extends Module {
  constructor(
    /** Dimension along which the elements sum to 1; null, which warns, leaves the choice to the number of dimensions. */
    public dim: number | null = null,
  ) {
    super();
  }

  override extra_repr(): string {
    return shown(this, 'dim');
  }
}

/**
 * e⁻ˣ/Σe⁻ˣ along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmin.html
 */
export class Softmin extends pythonClass('Softmin', ['dim'], AlongDimModule) {
  static {
    pythonMethods(this.prototype, 'Softmin', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return softmin(input, this.dim);
  }
}

/**
 * eˣ/Σeˣ along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 */
export class Softmax extends pythonClass('Softmax', ['dim'], AlongDimModule) {
  static {
    pythonMethods(this.prototype, 'Softmax', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return softmax(input, this.dim);
  }
}

/**
 * log(eˣ/Σeˣ) along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
 */
export class LogSoftmax extends pythonClass('LogSoftmax', ['dim'], AlongDimModule) {
  static {
    pythonMethods(this.prototype, 'LogSoftmax', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return log_softmax(input, this.dim);
  }
}

/**
 * eˣ/Σeˣ over the channels of (N, C, H, W) or (C, H, W).
 * @throws ValueError for other numbers of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html
 */
export class Softmax2d extends Module {
  static {
    pythonMethods(this.prototype, 'Softmax2d', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4) {
      throw new ValueError(`Softmax2d: expected input to be 3D or 4D, got ${input.ndim}D instead`);
    }
    return softmax(input, -3);
  }
}
