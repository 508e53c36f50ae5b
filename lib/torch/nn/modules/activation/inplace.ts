/** Activations whose only option is to overwrite the input. */
import { pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { hardsigmoid, hardswish, mish, relu, selu, silu } from '../../functional/activation';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown } from '../../module/repr';

class InplaceModule extends Module {
  constructor(
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
  }
}

class ShownInplaceModule extends InplaceModule {
  override extra_repr(): string {
    return this.inplace ? shown(this, 'inplace') : '';
  }
}

/**
 * max(0, x).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 */
export class ReLU extends pythonClass('ReLU', ['inplace'], ShownInplaceModule) {
  static {
    pythonMethods(this.prototype, 'ReLU', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return relu(input, this.inplace);
  }
}

/**
 * x·σ(x), also called swish.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 */
export class SiLU extends pythonClass('SiLU', ['inplace'], ShownInplaceModule) {
  static {
    pythonMethods(this.prototype, 'SiLU', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return silu(input, this.inplace);
  }
}

/**
 * x·tanh(log(1 + eˣ)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Mish.html
 */
export class Mish extends pythonClass('Mish', ['inplace'], ShownInplaceModule) {
  static {
    pythonMethods(this.prototype, 'Mish', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return mish(input, this.inplace);
  }
}

/**
 * scale·(max(0, x) + min(0, alpha·(eˣ − 1))) with the constants that keep mean 0 and variance 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html
 */
export class SELU extends pythonClass('SELU', ['inplace'], ShownInplaceModule) {
  static {
    pythonMethods(this.prototype, 'SELU', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return selu(input, this.inplace);
  }
}

/**
 * min(max(x/6 + 1/2, 0), 1).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html
 */
export class Hardsigmoid extends pythonClass('Hardsigmoid', ['inplace'], InplaceModule) {
  static {
    pythonMethods(this.prototype, 'Hardsigmoid', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return hardsigmoid(input, this.inplace);
  }
}

/**
 * x·min(max(x + 3, 0), 6)/6.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardswish.html
 */
export class Hardswish extends pythonClass('Hardswish', ['inplace'], InplaceModule) {
  static {
    pythonMethods(this.prototype, 'Hardswish', { forward: ['input'] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return hardswish(input, this.inplace);
  }
}
