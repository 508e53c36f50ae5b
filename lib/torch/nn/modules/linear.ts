import { pythonClass, pythonMethods } from '../../call';
import { empty } from '../../generated/functions';
import { linear } from '../../generated/nn_functional';
import { valueText } from '../../core';
import type { Tensor } from '../../memory';
import { FACTORY, type Factory, factoryOptions } from '../module/factory';
import { shown } from '../module/repr';
import { resetWeightAndBias } from '../init/reset';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { Parameter } from '../parameter';

class LinearModule extends Module {
  static {
    pythonMethods(this.prototype, 'Linear', { forward: ['input'], reset_parameters: [], extra_repr: [] });
  }

  weight: Parameter;
  /** Whether to add a learned bias. Default true. */
  declare bias: Parameter | null;

  constructor(
    /** Length of the input's last dimension. */
    readonly in_features: number,
    /** Length of the output's last dimension. */
    readonly out_features: number,
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
