/** Activations in pieces: one rule above a bound, another below. */
import { pythonClass, pythonMethods } from '../../../call';
import { warn } from '../../../core';
import type { Tensor } from '../../../memory';
import { AssertionError } from '../../../native';
import { celu, elu, hardtanh, leaky_relu, rrelu, threshold } from '../../functional/activation';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { changed, realText, shown, shownReals } from '../../module/repr';

class ThresholdModule extends Module {
  static {
    pythonMethods(this.prototype, 'Threshold', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Bound that x has to be above. */
    public threshold: number,
    /** What takes the place of the other elements. */
    public value: number,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return threshold(input, this.threshold, this.value, this.inplace);
  }

  override extra_repr(): string {
    return shown(this, 'threshold', 'value') + changed<ThresholdModule>(this, { inplace: false });
  }
}

/**
 * x where x > threshold, value elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Threshold.html
 */
export class Threshold extends pythonClass('Threshold', ['threshold', 'value', 'inplace'], ThresholdModule) {}

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

class RReLUModule extends Module {
  static {
    pythonMethods(this.prototype, 'RReLU', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Least slope. Default 1/8. */
    public lower: number = 1 / 8,
    /** Largest slope. Default 1/3. */
    public upper: number = 1 / 3,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return rrelu(input, this.lower, this.upper, this.training, this.inplace);
  }

  override extra_repr(): string {
    return shown(this, 'lower', 'upper') + changed<RReLUModule>(this, { inplace: false });
  }
}

/**
 * `LeakyReLU` with a slope for each element, drawn from [lower, upper] in training, (lower + upper)/2 in evaluation.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html
 */
export class RReLU extends pythonClass('RReLU', ['lower', 'upper', 'inplace'], RReLUModule) {}

/** The base of the exponential units. */
class ExponentialModule extends Module {
  constructor(
    /** Scale of the exponential part. Default 1. */
    public alpha: number = 1,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
  ) {
    super();
  }

  override extra_repr(): string {
    return shownReals<ExponentialModule>(this, { alpha: 1 }) + changed<ExponentialModule>(this, { inplace: false });
  }
}

class ELUModule extends ExponentialModule {
  static {
    pythonMethods(this.prototype, 'ELU', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return elu(input, this.alpha, this.inplace);
  }
}

/**
 * x where x > 0, alpha·(eˣ − 1) elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html
 */
export class ELU extends pythonClass('ELU', ['alpha', 'inplace'], ELUModule) {}

class CELUModule extends ExponentialModule {
  static {
    pythonMethods(this.prototype, 'CELU', { forward: ['input'], extra_repr: [] });
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return celu(input, this.alpha, this.inplace);
  }
}

/**
 * max(0, x) + min(0, alpha·(e^(x/alpha) − 1)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CELU.html
 */
export class CELU extends pythonClass('CELU', ['alpha', 'inplace'], CELUModule) {}

class HardtanhModule extends Module {
  static {
    pythonMethods(this.prototype, 'Hardtanh', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Least value. Default −1. */
    public min_val: number = -1,
    /** Largest value. Default 1. */
    public max_val: number = 1,
    /** Whether to overwrite the input. Default false. */
    public inplace: boolean = false,
    min_value: number | null = null,
    max_value: number | null = null,
  ) {
    super();
    if (min_value !== null) {
      warn('keyword argument `min_value` is deprecated and renamed to `min_val`');
      this.min_val = min_value;
    }
    if (max_value !== null) {
      warn('keyword argument `max_value` is deprecated and renamed to `max_val`');
      this.max_val = max_value;
    }
    if (this.max_val <= this.min_val) {
      throw new AssertionError(
        `max_val (${realText(this.max_val, 1)}) must be greater than min_val (${realText(this.min_val, -1)})`,
      );
    }
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return hardtanh(input, this.min_val, this.max_val, this.inplace);
  }

  override extra_repr(): string {
    return (
      shownReals<HardtanhModule>(this, { min_val: -1, max_val: 1 }) + changed<HardtanhModule>(this, { inplace: false })
    );
  }
}

/**
 * min(max(x, min_val), max_val).
 * @throws AssertionError unless min_val < max_val
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html
 */
export class Hardtanh extends pythonClass(
  'Hardtanh',
  ['min_val', 'max_val', 'inplace', 'min_value', 'max_value'],
  HardtanhModule,
) {}

class ReLU6Module extends Hardtanh {
  static {
    pythonMethods(this.prototype, 'ReLU6', { extra_repr: [] });
  }

  constructor(inplace: boolean = false) {
    super(0, 6, inplace);
  }

  override extra_repr(): string {
    return this.inplace ? shown(this, 'inplace') : '';
  }
}

/**
 * min(max(0, x), 6).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 */
export class ReLU6 extends pythonClass('ReLU6', ['inplace'], ReLU6Module) {}
