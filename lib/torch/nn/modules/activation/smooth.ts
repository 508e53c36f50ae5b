/** Gates, smooth activations and shrinking ones. */
import { pythonClass, pythonMethods } from '../../../call';
import { stringRepr, valueText } from '../../../core';
import { empty, hardshrink, prelu } from '../../../generated/functions';
import { gelu, softplus, softshrink } from '../../../generated/nn_functional';
import type { Tensor } from '../../../memory';
import { glu } from '../../functional/activation';
import { constant_ } from '../../init/basic';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown, shownReals } from '../../module/repr';
import { Parameter } from '../../parameter';

class GLUModule extends Module {
  static {
    pythonMethods(this.prototype, 'GLU', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Dimension that is halved. Default −1. */
    public dim: number = -1,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return glu(input, this.dim);
  }

  override extra_repr(): string {
    return shown(this, 'dim');
  }
}

/**
 * a·σ(b), where a and b are the halves of the input along `dim`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html
 */
export class GLU extends pythonClass('GLU', ['dim'], GLUModule) {}

class GELUModule extends Module {
  static {
    pythonMethods(this.prototype, 'GELU', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** `'tanh'` computes Φ by tanh. Default `'none'`. */
    public approximate: 'none' | 'tanh' = 'none',
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return gelu(input, { approximate: this.approximate });
  }

  override extra_repr(): string {
    return `approximate=${stringRepr(this.approximate)}`;
  }
}

/**
 * x·Φ(x), Φ the distribution function of N(0, 1).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html
 */
export class GELU extends pythonClass('GELU', ['approximate'], GELUModule) {}

class SoftplusModule extends Module {
  static {
    pythonMethods(this.prototype, 'Softplus', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Sharpness of the bend. Default 1. */
    public beta: number = 1,
    /** Bound of beta·x above which the function is x itself. Default 20. */
    public threshold: number = 20,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return softplus(input, this.beta, this.threshold);
  }

  override extra_repr(): string {
    return shownReals<SoftplusModule>(this, { beta: 1, threshold: 20 });
  }
}

/**
 * log(1 + e^(beta·x))/beta.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html
 */
export class Softplus extends pythonClass('Softplus', ['beta', 'threshold'], SoftplusModule) {}

class SoftshrinkModule extends Module {
  static {
    pythonMethods(this.prototype, 'Softshrink', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Amount by which |x| shrinks. Default 0.5. */
    public lambd: number = 0.5,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return softshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return valueText(this.lambd);
  }
}

/**
 * x − lambd where x > lambd, x + lambd where x < −lambd, 0 elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Softshrink.html
 */
export class Softshrink extends pythonClass('Softshrink', ['lambd'], SoftshrinkModule) {}

class HardshrinkModule extends Module {
  static {
    pythonMethods(this.prototype, 'Hardshrink', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Bound of |x| up to which the result is 0. Default 0.5. */
    public lambd: number = 0.5,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return hardshrink(input, this.lambd);
  }

  override extra_repr(): string {
    return valueText(this.lambd);
  }
}

/**
 * x where |x| > lambd, 0 elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html
 */
export class Hardshrink extends pythonClass('Hardshrink', ['lambd'], HardshrinkModule) {}

class PReLUModule extends Module {
  static {
    pythonMethods(this.prototype, 'PReLU', { forward: ['input'], reset_parameters: [], extra_repr: [] });
  }

  weight: Parameter;

  constructor(
    /** Number of slopes: 1, or that of the channels. Default 1. */
    readonly num_parameters: number = 1,
    /** Initial slope. Default 0.25. */
    public init: number = 0.25,
    ...factory: Factory
  ) {
    super();
    this.weight = new Parameter(empty([num_parameters], factoryOptions(...factory)));
    this.reset_parameters();
  }

  /** Sets each slope to `init`. */
  reset_parameters(): void {
    constant_(this.weight, this.init);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return prelu(input, this.weight);
  }

  override extra_repr(): string {
    return shown(this, 'num_parameters');
  }
}

/**
 * x where x > 0, a·x elsewhere, with a learned slope `a` for all, or for each channel.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html
 */
export class PReLU extends pythonClass('PReLU', ['num_parameters', 'init', ...FACTORY], PReLUModule) {}
