import { relu, relu_, sigmoid, tanh } from '../../generated/functions';
import { leaky_relu, leaky_relu_ } from '../../generated/nn_functional';
import { valueText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, readArguments } from '../module/arguments';
import { Module } from '../module/module';

/** Option of activations that can overwrite their input. */
export interface InplaceOptions {
  /** Whether to overwrite the input. Default false. */
  inplace?: boolean;
}

/** max(0, x). See https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html */
export class ReLU extends Module {
  inplace: boolean;

  constructor(...rest: Arguments<InplaceOptions, ['inplace']>) {
    super();
    this.inplace = readArguments('ReLU.__init__', { inplace: false }, rest).inplace;
  }

  override forward(input: Tensor): Tensor {
    return this.inplace ? relu_(input) : relu(input);
  }

  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** Options of `LeakyReLU`. */
export interface LeakyReLUOptions extends InplaceOptions {
  /** Default 0.01. */
  negative_slope?: number;
}

/** x where x > 0, negative_slope·x elsewhere. See https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html */
export class LeakyReLU extends Module {
  negative_slope: number;
  inplace: boolean;

  constructor(...rest: Arguments<LeakyReLUOptions, ['negative_slope', 'inplace']>) {
    super();
    const defaults = { negative_slope: 0.01, inplace: false };
    const { negative_slope, inplace } = readArguments('LeakyReLU.__init__', defaults, rest);
    this.negative_slope = negative_slope;
    this.inplace = inplace;
  }

  override forward(input: Tensor): Tensor {
    return (this.inplace ? leaky_relu_ : leaky_relu)(input, this.negative_slope);
  }

  override extra_repr(): string {
    return `negative_slope=${valueText(this.negative_slope)}${this.inplace ? ', inplace=True' : ''}`;
  }
}

/** tanh(x). See https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html */
export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return tanh(input);
  }
}

/** 1/(1 + e⁻ˣ). See https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return sigmoid(input);
  }
}
