import { type Arguments, pythonClass, pythonMethods } from '../../call';
import { no_grad } from '../../autograd';
import { AssertionError, ValueError } from '../../native';
import { bilinear, empty } from '../../generated/functions';
import { linear } from '../../generated/nn_functional';
import { valueText } from '../../core';
import type { Tensor } from '../../memory';
import { FACTORY, type Factory, factoryOptions } from '../module/factory';
import { shown } from '../module/repr';
import { uniform_ } from '../init/basic';
import { resetWeightAndBias } from '../init/reset';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { Parameter, UninitializedParameter } from '../parameter';
import { LazyModuleMixin } from './lazy';

/**
 * The input itself. The constructor takes, and ignores, anything.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html
 */
export class Identity extends Module {
  static {
    pythonMethods(this.prototype, 'Identity', { forward: ['input'] });
  }

  constructor(..._ignored: unknown[]) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return input;
  }
}

class LinearModule extends Module {
  static {
    pythonMethods(this.prototype, 'Linear', { forward: ['input'], reset_parameters: [], extra_repr: [] });
  }

  weight: Parameter;
  /** Whether to add a learned bias. Default true. */
  declare bias: Parameter | null;

  constructor(
    /** Length of the input's last dimension. */
    public in_features: number,
    /** Length of the output's last dimension. */
    public out_features: number,
    bias: boolean = true,
    ...factory: Factory
  ) {
    super();
    const options = factoryOptions(...factory);
    this.weight = new Parameter(empty([out_features, in_features], options));
    this.register_parameter('bias', bias ? new Parameter(empty([out_features], options)) : null);
    this.reset_parameters();
  }

  /** Draws new initial values: first the weight, then the bias. */
  reset_parameters(): void {
    resetWeightAndBias(this.weight, this.bias);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    return `${shown(this, 'in_features', 'out_features')}, bias=${valueText(this.bias !== null)}`;
  }
}

/**
 * y = x·Wᵀ + b, over the last dimension: (*, in_features) → (*, out_features).
 *
 * Weight and bias start uniform in ±1/√in_features.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export class Linear extends pythonClass('Linear', ['in_features', 'out_features', 'bias', ...FACTORY], LinearModule) {}

class NonDynamicallyQuantizableLinearModule extends Linear {
  constructor(in_features: number, out_features: number, bias: boolean = true, ...factory: Factory) {
    super(in_features, out_features, bias, ...factory);
  }
}

/** A Linear that dynamic quantization leaves alone: the projection at the end of an attention. */
export class NonDynamicallyQuantizableLinear extends pythonClass(
  'NonDynamicallyQuantizableLinear',
  ['in_features', 'out_features', 'bias', ...FACTORY],
  NonDynamicallyQuantizableLinearModule,
) {}

class BilinearModule extends Module {
  static {
    pythonMethods(this.prototype, 'Bilinear', {
      forward: ['input1', 'input2'],
      reset_parameters: [],
      extra_repr: [],
    });
  }

  weight: Parameter;
  /** Whether to add a learned bias. Default true. */
  declare bias: Parameter | null;

  constructor(
    /** Length of the first input's last dimension. */
    readonly in1_features: number,
    /** Length of the second input's last dimension. */
    readonly in2_features: number,
    /** Length of the output's last dimension. */
    readonly out_features: number,
    bias: boolean = true,
    ...factory: Factory
  ) {
    super();
    const options = factoryOptions(...factory);
    this.weight = new Parameter(empty([out_features, in1_features, in2_features], options));
    this.register_parameter('bias', bias ? new Parameter(empty([out_features], options)) : null);
    this.reset_parameters();
  }

  /** Draws new initial values: first the weight, then the bias. */
  reset_parameters(): void {
    if (this.in1_features <= 0) {
      throw new ValueError(`in1_features must be > 0, but got (in1_features=${this.in1_features})`);
    }
    const bound = 1 / Math.sqrt(this.weight.size(1));
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(...args: Arguments<['input1', 'input2'], [input1: Tensor, input2: Tensor]>): Tensor;
  override forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias);
  }

  override extra_repr(): string {
    return `${shown(this, 'in1_features', 'in2_features', 'out_features')}, bias=${valueText(this.bias !== null)}`;
  }
}

/**
 * y = x1ᵀ·W·x2 + b for each output: (*, in1_features) and (*, in2_features) → (*, out_features).
 *
 * Weight and bias start uniform in ±1/√in1_features.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html
 */
export class Bilinear extends pythonClass(
  'Bilinear',
  ['in1_features', 'in2_features', 'out_features', 'bias', ...FACTORY],
  BilinearModule,
) {}

class LazyLinearModule extends LazyModuleMixin(Linear) {
  static {
    pythonMethods(this.prototype, 'LazyLinear', { reset_parameters: [], initialize_parameters: ['input'] });
  }

  override get cls_to_become(): typeof Linear {
    return Linear;
  }

  constructor(out_features: number, bias: boolean = true, ...factory: Factory) {
    super(0, 0, false);
    const [device, dtype] = factory;
    this.weight = new UninitializedParameter({ device, dtype });
    this.out_features = out_features;
    if (bias) this.bias = new UninitializedParameter({ device, dtype });
  }

  override reset_parameters(): void {
    if (!this.has_uninitialized_params() && this.in_features !== 0) super.reset_parameters();
  }

  override initialize_parameters(input: Tensor): void {
    const features = input.size(-1);
    if (this.has_uninitialized_params()) {
      no_grad(() => {
        this.in_features = features;
        (this.weight as UninitializedParameter).materialize([this.out_features, features]);
        (this.bias as UninitializedParameter | null)?.materialize([this.out_features]);
        this.reset_parameters();
      });
    }
    if (this.in_features === 0) {
      const columns = this.weight.size(-1);
      if (features !== columns) {
        throw new AssertionError(
          `The in_features inferred from input: ${features} is not equal to in_features from self.weight: ${columns}`,
        );
      }
      this.in_features = features;
    }
  }
}

/**
 * A Linear whose in_features is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyLinear.html
 */
export class LazyLinear extends pythonClass('LazyLinear', ['out_features', 'bias', ...FACTORY], LazyLinearModule) {}
