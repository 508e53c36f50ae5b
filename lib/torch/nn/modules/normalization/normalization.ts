import { type Arguments, type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import { valueText } from '../../../core';
import { empty } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import { group_norm, layer_norm, rms_norm } from '../../functional/normalization';
import { local_response_norm } from '../../functional/scaling';
import { ntuple } from '../../functional/sizes';
import { ones_, zeros_ } from '../../init/basic';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { shown, shownReals } from '../../module/repr';
import { Parameter } from '../../parameter';

class LocalResponseNormModule extends Module {
  static {
    pythonMethods(this.prototype, 'LocalResponseNorm', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Number of neighbouring channels. */
    public size: number,
    /** Factor of the mean. Default 1e-4. */
    public alpha: number = 1e-4,
    /** Exponent. Default 0.75. */
    public beta: number = 0.75,
    /** Added to the mean. Default 1. */
    public k: number = 1,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return local_response_norm(input, this.size, this.alpha, this.beta, this.k);
  }

  override extra_repr(): string {
    return `${this.size}, ${shownReals<LocalResponseNormModule>(this, { alpha: 1e-4, beta: 0.75, k: 1 })}`;
  }
}

/**
 * x/(k + alpha·mean of squares over `size` neighbouring channels)^beta, of (N, C, *).
 * @throws ValueError below three dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html
 */
export class LocalResponseNorm extends pythonClass(
  'LocalResponseNorm',
  ['size', 'alpha', 'beta', 'k'],
  LocalResponseNormModule,
) {}

class LayerNormModule extends Module {
  static {
    pythonMethods(this.prototype, 'LayerNorm', { forward: ['input'], reset_parameters: [], extra_repr: [] });
  }

  /** Sizes of the last dimensions, over which mean and variance are taken. */
  readonly normalized_shape: readonly number[];
  declare weight: Parameter | null;
  /** Whether an affine layer has a bias. Default true. */
  declare bias: Parameter | null;

  constructor(
    normalized_shape: OneOrMany<number>,
    /** Added to the variance. Default 1e-5. */
    public eps: number = 1e-5,
    /** Whether to learn a weight and a bias for each element. Default true. */
    readonly elementwise_affine: boolean = true,
    bias: boolean = true,
    ...factory: Factory
  ) {
    super();
    const options = factoryOptions(...factory);
    const shape = ntuple(normalized_shape, 1);
    this.normalized_shape = shape;
    this.register_parameter('weight', elementwise_affine ? new Parameter(empty(shape, options)) : null);
    this.register_parameter('bias', elementwise_affine && bias ? new Parameter(empty(shape, options)) : null);
    this.reset_parameters();
  }

  /** Sets weight to 1, bias to 0. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    const options = shown(this, 'eps', 'elementwise_affine');
    return `${valueText(this.normalized_shape)}, ${options}, bias=${valueText(this.bias !== null)}`;
  }
}

/**
 * y = (x − mean)/√(var + eps)·weight + bias over the last dimensions, whose sizes are `normalized_shape`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
export class LayerNorm extends pythonClass(
  'LayerNorm',
  ['normalized_shape', 'eps', 'elementwise_affine', 'bias', ...FACTORY],
  LayerNormModule,
) {}

class GroupNormModule extends Module {
  static {
    pythonMethods(this.prototype, 'GroupNorm', { forward: ['input'], reset_parameters: [], extra_repr: [] });
  }

  declare weight: Parameter | null;
  /** Whether an affine layer has a bias. Default true. */
  declare bias: Parameter | null;

  constructor(
    /** Number of groups that the channels are divided into. */
    readonly num_groups: number,
    /** Length of the input's dimension 1. */
    readonly num_channels: number,
    /** Added to the variance. Default 1e-5. */
    public eps: number = 1e-5,
    /** Whether to learn a weight and a bias for each channel. Default true. */
    readonly affine: boolean = true,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    bias: boolean = true,
  ) {
    super();
    if (num_channels % num_groups !== 0) {
      throw new ValueError(`num_channels (${num_channels}) must be divisible by num_groups (${num_groups})`);
    }
    const options = factoryOptions(device, dtype);
    this.register_parameter('weight', affine ? new Parameter(empty([num_channels], options)) : null);
    this.register_parameter('bias', affine && bias ? new Parameter(empty([num_channels], options)) : null);
    this.reset_parameters();
  }

  /** Sets weight to 1, bias to 0. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return group_norm(input, this.num_groups, this.weight, this.bias, this.eps);
  }

  override extra_repr(): string {
    const options = shown(this, 'eps', 'affine');
    return `${this.num_groups}, ${this.num_channels}, ${options}, bias=${valueText(this.bias !== null)}`;
  }
}

/**
 * y = (x − mean)/√(var + eps)·weight + bias for each item and group of channels of (N, C, *).
 * @throws ValueError unless the groups divide the channels
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 */
export class GroupNorm extends pythonClass(
  'GroupNorm',
  ['num_groups', 'num_channels', 'eps', 'affine', ...FACTORY, '*', 'bias'],
  GroupNormModule,
) {}

class RMSNormModule extends Module {
  static {
    pythonMethods(this.prototype, 'RMSNorm', { forward: ['x'], reset_parameters: [], extra_repr: [] });
  }

  /** Sizes of the last dimensions, over which the mean is taken. */
  readonly normalized_shape: readonly number[];
  declare weight: Parameter | null;

  constructor(
    normalized_shape: OneOrMany<number>,
    /** Added to the mean of squares; null is the dtype's own. Default null. */
    public eps: number | null = null,
    /** Whether to learn a weight for each element. Default true. */
    readonly elementwise_affine: boolean = true,
    ...factory: Factory
  ) {
    super();
    const shape = ntuple(normalized_shape, 1);
    this.normalized_shape = shape;
    const weight = elementwise_affine ? new Parameter(empty(shape, factoryOptions(...factory))) : null;
    this.register_parameter('weight', weight);
    this.reset_parameters();
  }

  /** Sets the weight to 1. */
  reset_parameters(): void {
    if (this.weight !== null) ones_(this.weight);
  }

  override forward(...args: Arguments<['x'], [x: Tensor]>): Tensor;
  override forward(x: Tensor): Tensor {
    return rms_norm(x, this.normalized_shape, this.weight, this.eps);
  }

  override extra_repr(): string {
    return `${valueText(this.normalized_shape)}, ${shown(this, 'eps', 'elementwise_affine')}`;
  }
}

/**
 * y = x/√(mean of squares + eps)·weight over the last dimensions, whose sizes are `normalized_shape`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
 */
export class RMSNorm extends pythonClass(
  'RMSNorm',
  ['normalized_shape', 'eps', 'elementwise_affine', ...FACTORY],
  RMSNormModule,
) {}
