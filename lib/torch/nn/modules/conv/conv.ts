/** Convolutions: the base that the plain and the transposed ones share, and Conv2d. */
import { type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import { ValueError } from '../../../native';
import { conv2d, empty } from '../../../generated/functions';
import { typeName } from '../../../core';
import type { Tensor } from '../../../memory';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { changed, shown } from '../../module/repr';
import { pad } from '../../functional/pad';
import { resetWeightAndBias } from '../../init/reset';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';
import { Parameter } from '../../parameter';

/** Way to continue the input past its border. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

const paddingModes: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular'];

/** A convolution's geometry, one number for each spatial dimension. */
export interface ConvShape {
  kernel_size: number[];
  stride: number[];
  padding: number[] | 'same' | 'valid';
  dilation: number[];
  output_padding: number[];
  groups: number;
  bias: boolean;
  padding_mode: PaddingMode;
  transposed: boolean;
}

/** One number for both dimensions, or one for each. */
export function pair(value: OneOrMany<number>): number[] {
  if (typeof value === 'number') return [value, value];
  if (Array.isArray(value)) return [...(value as readonly number[])];
  throw new TypeError(`expected a number or a list of two, not ${typeName(value)}`);
}

/** Amounts for `pad`, last dimension first: before, after. */
function paddingAmounts(shape: ConvShape): number[] {
  const { padding, kernel_size, dilation } = shape;
  const amounts = kernel_size.map((size, i): [number, number] => {
    if (typeof padding !== 'string') return [padding[i]!, padding[i]!];
    const total = padding === 'same' ? dilation[i]! * (size - 1) : 0;
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
  return amounts.reverse().flat();
}

function check(in_channels: number, out_channels: number, shape: ConvShape): void {
  const { groups, padding, stride, padding_mode } = shape;
  if (groups <= 0) throw new ValueError('groups must be a positive integer');
  if (in_channels % groups !== 0) throw new ValueError('in_channels must be divisible by groups');
  if (out_channels % groups !== 0) throw new ValueError('out_channels must be divisible by groups');
  if (typeof padding === 'string') {
    if (padding !== 'same' && padding !== 'valid') {
      throw new ValueError(`Invalid padding string '${padding}', should be one of {'same', 'valid'}`);
    }
    if (padding === 'same' && stride.some((step) => step !== 1)) {
      throw new ValueError("padding='same' is not supported for strided convolutions");
    }
  }
  if (!paddingModes.includes(padding_mode)) {
    throw new ValueError(
      `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='${padding_mode}'`,
    );
  }
}

/** The base of the convolutions. */
export abstract class ConvNd extends Module {
  static {
    pythonMethods(this.prototype, '_ConvNd', { reset_parameters: [], extra_repr: [] });
  }

  readonly in_channels: number;
  readonly out_channels: number;
  /** Size of the kernel: one number for all dimensions, or one for each. */
  readonly kernel_size: number[];
  /** Steps of the kernel. Default 1. */
  readonly stride: number[];
  /** Amount on each side; 'same' (output as large as input; stride 1 only) or 'valid' (none). Default 0. */
  readonly padding: number[] | 'same' | 'valid';
  /** Distance between the kernel's elements. Default 1. */
  readonly dilation: number[];
  /** Added to one side of the output's size, where the convolution is transposed. Default 0. */
  readonly output_padding: number[];
  /** Blocks of channels that are convolved apart from each other. Default 1. */
  readonly groups: number;
  /** Way to continue the input past its border. Default 'zeros'. */
  readonly padding_mode: PaddingMode;
  weight: Parameter;
  /** Whether to add a learned bias. Default true. */
  declare bias: Parameter | null;
  protected readonly paddingAmounts: number[];

  constructor(in_channels: number, out_channels: number, shape: ConvShape, factory: Factory) {
    super();
    const options = factoryOptions(...factory);
    check(in_channels, out_channels, shape);
    this.in_channels = in_channels;
    this.out_channels = out_channels;
    this.kernel_size = shape.kernel_size;
    this.stride = shape.stride;
    this.padding = shape.padding;
    this.dilation = shape.dilation;
    this.output_padding = shape.output_padding;
    this.groups = shape.groups;
    this.padding_mode = shape.padding_mode;
    this.paddingAmounts = paddingAmounts(shape);
    const channels = shape.transposed
      ? [in_channels, out_channels / shape.groups]
      : [out_channels, in_channels / shape.groups];
    this.weight = new Parameter(empty([...channels, ...shape.kernel_size], options));
    this.register_parameter('bias', shape.bias ? new Parameter(empty([out_channels], options)) : null);
    this.reset_parameters();
  }

  /** Draws new initial values: first the weight, then the bias. */
  reset_parameters(): void {
    resetWeightAndBias(this.weight, this.bias);
  }

  override extra_repr(): string {
    const { in_channels, out_channels, padding_mode } = this;
    const zeros = this.kernel_size.map(() => 0);
    const ones = this.kernel_size.map(() => 1);
    return [
      `${in_channels}, ${out_channels}, ${shown(this, 'kernel_size', 'stride')}`,
      changed<ConvNd>(this, { padding: zeros, dilation: ones, output_padding: zeros, groups: 1 }),
      this.bias === null ? ', bias=False' : '',
      padding_mode === 'zeros' ? '' : `, padding_mode=${padding_mode}`,
    ].join('');
  }
}

/** The first parameters of the convolutions. */
export const CHANNELS = ['in_channels', 'out_channels', 'kernel_size'] as const;

class Conv2dModule extends ConvNd {
  static {
    pythonMethods(this.prototype, 'Conv2d', { forward: ['input'] });
  }

  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: OneOrMany<number>,
    stride: OneOrMany<number> = 1,
    padding: OneOrMany<number> | 'same' | 'valid' = 0,
    dilation: OneOrMany<number> = 1,
    groups: number = 1,
    bias: boolean = true,
    padding_mode: PaddingMode = 'zeros',
    ...factory: Factory
  ) {
    const shape: ConvShape = {
      kernel_size: pair(kernel_size),
      stride: pair(stride),
      padding: typeof padding === 'string' ? padding : pair(padding),
      dilation: pair(dilation),
      output_padding: [0, 0],
      groups,
      bias,
      padding_mode,
      transposed: false,
    };
    super(in_channels, out_channels, shape, factory);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, padding, dilation, groups } = this;
    if (this.padding_mode === 'zeros') {
      return typeof padding === 'string'
        ? conv2d(input, weight, bias, stride, padding, dilation, groups)
        : conv2d(input, weight, bias, stride, padding, dilation, groups);
    }
    const padded = pad(input, this.paddingAmounts, this.padding_mode);
    return conv2d(padded, weight, bias, stride, 0, dilation, groups);
  }
}

/**
 * 2-dimensional convolution: (N, in_channels, H, W) → (N, out_channels, H', W'),
 * H' = ⌊(H + 2·padding − dilation·(kernel−1) − 1)/stride⌋ + 1.
 *
 * @throws ValueError for impossible groups, padding or padding_mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export class Conv2d extends pythonClass(
  'Conv2d',
  [...CHANNELS, 'stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode', ...FACTORY],
  Conv2dModule,
) {}
