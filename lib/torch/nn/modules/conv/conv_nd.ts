/** What the convolutions share. */
import { type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import { contiguous_format } from '../../../core';
import { empty, empty_like } from '../../../generated/functions';
import { ValueError } from '../../../native';
import { no_grad } from '../../../autograd';
import { floorDivide } from '../../functional/python_math';
import { kaiming_uniform_ } from '../../init/fans';
import { resetBias } from '../../init/reset';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { Module } from '../../module/module';
import { changed, shown } from '../../module/repr';
import { Parameter } from '../../parameter';

/** One number for all spatial dimensions, or one for each. */
export type Size = OneOrMany<number>;

/** Way to continue the input past its border. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';

const paddingModes: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular'];

/** The first parameters of the convolutions. */
export const CHANNELS = ['in_channels', 'out_channels', 'kernel_size'] as const;

/** Amounts for `pad`, last dimension first: before, after. */
function paddingAmounts(
  kernel_size: readonly number[],
  padding: readonly number[] | string,
  dilation: readonly number[],
): number[] {
  const amounts = kernel_size.map((size, i): [number, number] => {
    if (typeof padding !== 'string') return [padding[i]!, padding[i]!];
    const total = padding === 'same' ? dilation[i]! * (size - 1) : 0;
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
  return amounts.reverse().flat();
}

class ConvNdModule extends Module {
  static {
    pythonMethods(this.prototype, '_ConvNd', { reset_parameters: [], extra_repr: [] });
  }

  /** Amounts for `pad`, where `padding_mode` is not 'zeros'. */
  readonly _reversed_padding_repeated_twice: number[];
  weight: Parameter;
  /** Whether to add a learned bias. Default true. */
  declare bias: Parameter | null;

  constructor(
    /** Number of the input's channels. */
    public in_channels: number,
    /** Number of the output's channels. */
    public out_channels: number,
    /** Size of the kernel: one number for all dimensions, or one for each. */
    readonly kernel_size: readonly number[],
    /** Steps of the kernel. Default 1. */
    readonly stride: readonly number[],
    /** Amount on each side; 'same' (output as large as input; stride 1 only) or 'valid' (none). Default 0. */
    readonly padding: readonly number[] | 'same' | 'valid',
    /** Distance between the kernel's elements. Default 1. */
    readonly dilation: readonly number[],
    /** Whether it is the gradient of a convolution. */
    readonly transposed: boolean,
    /** Added to one side of the output's size, where the convolution is transposed. Default 0. */
    readonly output_padding: readonly number[],
    /** Blocks of channels that are convolved apart from each other. Default 1. */
    readonly groups: number,
    bias: boolean,
    /** Way to continue the input past its border. Default 'zeros'. */
    readonly padding_mode: PaddingMode,
    ...factory: Factory
  ) {
    super();
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
    this._reversed_padding_repeated_twice = paddingAmounts(kernel_size, padding, dilation);
    const options = factoryOptions(...factory);
    this.weight = new Parameter(empty(this._weightShape(), options));
    this.register_parameter('bias', bias ? new Parameter(empty([out_channels], options)) : null);
    this.reset_parameters();
  }

  /** Shape of the weight for the module's numbers of channels. */
  _weightShape(): number[] {
    const { in_channels, out_channels, groups, kernel_size } = this;
    return this.transposed
      ? [in_channels, floorDivide(out_channels, groups), ...kernel_size]
      : [out_channels, floorDivide(in_channels, groups), ...kernel_size];
  }

  /** Draws new initial values: first the weight, then the bias. */
  reset_parameters(): void {
    const { weight } = this;
    if (weight.is_contiguous()) {
      kaiming_uniform_(weight, { a: Math.sqrt(5) });
    } else {
      // The values follow the order of the shape, not that of the memory.
      const drawn = empty_like(weight, { memory_format: contiguous_format });
      kaiming_uniform_(drawn, { a: Math.sqrt(5) });
      no_grad(() => weight.copy_(drawn));
    }
    resetBias(this.bias, weight);
  }

  override extra_repr(): string {
    const { in_channels, out_channels, padding_mode } = this;
    const zeros = this.kernel_size.map(() => 0);
    const ones = this.kernel_size.map(() => 1);
    return [
      `${in_channels}, ${out_channels}, ${shown(this, 'kernel_size', 'stride')}`,
      changed<ConvNdModule>(this, { padding: zeros, dilation: ones, output_padding: zeros, groups: 1 }),
      this.bias === null ? ', bias=False' : '',
      padding_mode === 'zeros' ? '' : `, padding_mode=${padding_mode}`,
    ].join('');
  }
}

/** Names of the base's parameters. */
export const GEOMETRY = [
  ...CHANNELS,
  'stride',
  'padding',
  'dilation',
  'transposed',
  'output_padding',
  'groups',
  'bias',
  'padding_mode',
  ...FACTORY,
] as const;

/** The base of the convolutions. */
export class _ConvNd extends pythonClass('_ConvNd', GEOMETRY, ConvNdModule) {}
