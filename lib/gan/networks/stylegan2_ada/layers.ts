/** Layers with equalised learning rate: weights of variance one, scaled when used. */
import { addmm, full, randn, type Tensor, zeros } from 'isotorch';
import { Module, Parameter } from 'isotorch/nn';
import { leaky_relu } from 'isotorch/nn/functional';
import { math } from 'isotorch/python';
import { binomial_filter, conv2d_resample } from './resample';

/** What a layer ends with: leaky ReLU .2 and times √2, or nothing. */
export type Activation = 'linear' | 'lrelu';

/** √½, by which both ways through a residual block are multiplied. */
export const root_half: number = math.sqrt(0.5);

/** Options of `bias_act`. */
export interface BiasActOptions {
  act?: Activation;
  /** Further factor of the result. */
  gain?: number;
  /** The result is kept within ± this. */
  clamp?: number | null;
}

/** act(x + b), times the activation's gain (√2 after leaky ReLU) and `gain`; `b` belongs to dimension 1. */
export function bias_act(x: Tensor, b: Tensor | null, options: BiasActOptions = {}): Tensor {
  const { act = 'linear', gain = 1, clamp = null } = options;
  let y = b === null ? x : x.add(b.reshape(x.shape.map((_, i) => (i === 1 ? -1 : 1))));
  if (act === 'lrelu') y = leaky_relu(y, 0.2);
  const factor = act === 'lrelu' ? math.sqrt(2) * gain : gain;
  if (factor !== 1) y = y.mul(factor);
  return clamp === null ? y : y.clamp(-clamp, clamp);
}

/** Options of `FullyConnected`. */
export interface FullyConnectedOptions {
  act?: Activation;
  /** Factor of the learning rate: weights start at 1/lr_multiplier and are used times it. */
  lr_multiplier?: number;
  bias_init?: number;
}

/** act(x·(weight·lr_multiplier/√in)ᵀ + bias·lr_multiplier); `weight` out×in. */
export class FullyConnected extends Module {
  readonly act: Activation;
  readonly lr_multiplier: number;
  readonly weight_gain: number;
  weight: Parameter;
  bias: Parameter;

  constructor(in_features: number, out_features: number, options: FullyConnectedOptions = {}) {
    super();
    const { act = 'linear', lr_multiplier = 1, bias_init = 0 } = options;
    this.act = act;
    this.lr_multiplier = lr_multiplier;
    this.weight_gain = lr_multiplier / math.sqrt(in_features);
    this.weight = new Parameter(randn(out_features, in_features).div(lr_multiplier));
    this.bias = new Parameter(full([out_features], bias_init));
  }

  override forward(x: Tensor): Tensor {
    const w = this.weight.mul(this.weight_gain);
    const b = this.lr_multiplier === 1 ? this.bias : this.bias.mul(this.lr_multiplier);
    if (this.act === 'linear') return addmm(b.unsqueeze(0), x, w.t());
    return bias_act(x.matmul(w.t()), b, { act: this.act });
  }
}

/** Options of `Conv2dLayer`. */
export interface Conv2dLayerOptions {
  bias?: boolean;
  act?: Activation;
  /** 2 for an output of half the size. */
  down?: number;
  clamp?: number | null;
}

/** A k×k convolution that keeps or halves the size, with bias and activation. */
export class Conv2dLayer extends Module {
  readonly act: Activation;
  readonly down: number;
  readonly padding: number;
  readonly clamp: number | null;
  readonly weight_gain: number;
  declare readonly resample_filter: Tensor;
  weight: Parameter;
  bias: Parameter | null = null;

  constructor(in_channels: number, out_channels: number, kernel_size: number, options: Conv2dLayerOptions = {}) {
    super();
    const { bias = true, act = 'linear', down = 1, clamp = null } = options;
    this.act = act;
    this.down = down;
    this.padding = Math.floor(kernel_size / 2);
    this.clamp = clamp;
    this.weight_gain = 1 / math.sqrt(in_channels * kernel_size ** 2);
    this.register_buffer('resample_filter', binomial_filter());
    this.weight = new Parameter(randn(out_channels, in_channels, kernel_size, kernel_size));
    if (bias) this.bias = new Parameter(zeros(out_channels));
  }

  override forward(x: Tensor, gain = 1): Tensor {
    const { down, padding, act } = this;
    const y = conv2d_resample(x, this.weight.mul(this.weight_gain), this.resample_filter, { down, padding });
    return bias_act(y, this.bias, { act, gain, clamp: this.clamp === null ? null : this.clamp * gain });
  }
}
