import { empty } from '../../generated/functions';
import { linear } from '../../generated/nn_functional';
import { valueText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, type FactoryOptions, factory, readArguments } from '../module/arguments';
import { resetWeightAndBias } from '../init/reset';
import { Module } from '../module/module';
import { Parameter } from '../parameter';

/** Options of `Linear`. */
export interface LinearOptions extends FactoryOptions {
  /** Whether to add a learned bias. Default true. */
  bias?: boolean;
}

/**
 * y = x·Wᵀ + b, over the last dimension: (*, in_features) → (*, out_features).
 *
 * Weight and bias start uniform in ±1/√in_features.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export class Linear extends Module {
  readonly in_features: number;
  readonly out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    in_features: number,
    out_features: number,
    ...rest: Arguments<LinearOptions, ['bias', 'device', 'dtype']>
  );
  constructor(in_features: number, out_features: number, options?: LinearOptions);
  constructor(in_features: number, out_features: number, ...rest: unknown[]) {
    super();
    const defaults: Required<LinearOptions> = { bias: true, device: null, dtype: null };
    const options = readArguments('Linear.__init__', defaults, rest);
    this.in_features = in_features;
    this.out_features = out_features;
    this.weight = new Parameter(empty([out_features, in_features], factory(options)));
    this.bias = options.bias ? new Parameter(empty([out_features], factory(options))) : null;
    this.reset_parameters();
  }

  /** Draws new initial values: first the weight, then the bias. */
  reset_parameters(): void {
    resetWeightAndBias(this.weight, this.bias);
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    return `in_features=${this.in_features}, out_features=${this.out_features}, bias=${valueText(this.bias !== null)}`;
  }
}
