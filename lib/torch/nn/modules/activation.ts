import { pythonClass, pythonMethods } from '../../call';
import { sigmoid, tanh } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { leaky_relu, relu } from '../functional/activation';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { changed, shown } from '../module/repr';

class ReLUModule extends Module {
  static {
    pythonMethods(this.prototype, 'ReLU', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return relu(input, this.inplace);
  }

  override extra_repr(): string {
    return this.inplace ? shown(this, 'inplace') : '';
  }
}

/**
 * max(0, x).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 */
export class ReLU extends pythonClass('ReLU', ['inplace'], ReLUModule) {}

class LeakyReLUModule extends Module {
  static {
    pythonMethods(this.prototype, 'LeakyReLU', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Factor of negative elements. Default 0.01. */
    public negative_slope: number = 0.01,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return leaky_relu(input, this.negative_slope, this.inplace);
  }

  override extra_repr(): string {
    return shown(this, 'negative_slope') + changed<LeakyReLUModule>(this, { inplace: false });
  }
}

/**
 * x where x > 0, negative_slope·x elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 */
export class LeakyReLU extends pythonClass('LeakyReLU', ['negative_slope', 'inplace'], LeakyReLUModule) {}

/**
 * tanh(x).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 */
export class Tanh extends Module {
  static {
    pythonMethods(this.prototype, 'Tanh', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return tanh(input);
  }
}

/**
 * 1/(1 + e⁻ˣ).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends Module {
  static {
    pythonMethods(this.prototype, 'Sigmoid', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return sigmoid(input);
  }
}
