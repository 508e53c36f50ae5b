/** Layers with equalised learning rate: weights of variance one, scaled when used. */
import { conv2d, linear } from 'isotorch/nn/functional';
import { Module, Parameter } from 'isotorch/nn';
import { math } from 'isotorch/python';
import { randn, type Tensor, zeros } from 'isotorch';

/** He's gain for leaky ReLU, as the original rounds it: √2. */
export const root_two: number = math.sqrt(2);

/** Options of `EqualizedLinear`. */
export interface EqualizedOptions {
  /** Gain of the initial scale; √2 before a leaky ReLU. */
  gain?: number;
  /** Factor of the learning rate: weights start at 1/lrmul and are used times lrmul. */
  lrmul?: number;
}

/** Weights N(0, 1)/lrmul of a shape that starts with the output channels, and what they are multiplied by: gain/√fan_in·lrmul. */
function equalized(shape: readonly number[], { gain = root_two, lrmul = 1 }: EqualizedOptions): [Parameter, number] {
  const fan_in = shape.slice(1).reduce((product, size) => product * size, 1);
  return [new Parameter(randn(shape).div(lrmul)), (gain / math.sqrt(fan_in)) * lrmul];
}

/** x·(weight·scale)ᵀ + bias·lrmul; `weight` out×in (Karras et al. 2018, https://arxiv.org/abs/1710.10196). */
export class EqualizedLinear extends Module {
  readonly scale: number;
  readonly lrmul: number;
  weight: Parameter;
  bias: Parameter;

  constructor(in_features: number, out_features: number, options: EqualizedOptions = {}) {
    super();
    this.lrmul = options.lrmul ?? 1;
    const [weight, scale] = equalized([out_features, in_features], options);
    this.scale = scale;
    this.weight = weight;
    this.bias = new Parameter(zeros(out_features));
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight.mul(this.scale), this.lrmul === 1 ? this.bias : this.bias.mul(this.lrmul));
  }
}

/** A k×k weight out×in×k×k of equalised learning rate, and a bias; what convolves with it is said by the derived class. */
export abstract class EqualizedKernel extends Module {
  readonly scale: number;
  weight: Parameter;
  bias: Parameter;

  constructor(in_channels: number, out_channels: number, kernel: number, options: EqualizedOptions = {}) {
    super();
    const [weight, scale] = equalized([out_channels, in_channels, kernel, kernel], options);
    this.scale = scale;
    this.weight = weight;
    this.bias = new Parameter(zeros(out_channels));
  }

  /** The weight as it is used. */
  protected scaled(): Tensor {
    return this.weight.mul(this.scale);
  }
}

/** Convolution of stride 1 that keeps the size, with bias. */
export class EqualizedConv2d extends EqualizedKernel {
  override forward(x: Tensor): Tensor {
    return conv2d(x, this.scaled(), this.bias, { padding: (this.weight.size(-1) - 1) / 2 });
  }
}
