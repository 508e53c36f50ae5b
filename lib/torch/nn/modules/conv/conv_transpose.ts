import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { listText, sizeText } from '../../../core';
import { conv_transpose1d, conv_transpose2d, conv_transpose3d } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import { ntuple } from '../../functional/sizes';
import { FACTORY, type Factory } from '../../module/factory';
import { _ConvNd, CHANNELS, GEOMETRY, type PaddingMode, type Size } from './conv_nd';

/** Parameters of a transposed convolution. */
type Parameters = [
  in_channels: number,
  out_channels: number,
  kernel_size: Size,
  stride?: Size,
  padding?: Size,
  output_padding?: Size,
  groups?: number,
  bias?: boolean,
  dilation?: Size,
  padding_mode?: PaddingMode,
  ...factory: Factory,
];

class ConvTransposeNdModule extends _ConvNd {
  static {
    pythonMethods(this.prototype, '_ConvTransposeNd', {
      _output_padding: ['input', 'output_size', 'stride', 'padding', 'kernel_size', 'num_spatial_dims', 'dilation'],
    });
  }

  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: readonly number[],
    stride: readonly number[],
    padding: readonly number[],
    dilation: readonly number[],
    transposed: boolean,
    output_padding: readonly number[],
    groups: number,
    bias: boolean,
    padding_mode: PaddingMode,
    ...factory: Factory
  ) {
    if (padding_mode !== 'zeros') {
      throw new ValueError(`Only "zeros" padding mode is supported for ${new.target.name}`);
    }
    const shape = [in_channels, out_channels, kernel_size, stride, padding, dilation, transposed] as const;
    super(...shape, output_padding, groups, bias, padding_mode, ...factory);
  }

  /** The output padding that makes the output as large as is wanted. */
  _output_padding(
    input: Tensor,
    output_size: readonly number[] | null,
    stride: readonly number[],
    padding: readonly number[],
    kernel_size: readonly number[],
    num_spatial_dims: number,
    dilation: readonly number[] | null = null,
  ): readonly number[] {
    if (output_size === null) return this.output_padding;
    const leading = input.ndim === num_spatial_dims + 2 ? 2 : 1;
    const wanted = output_size.length === leading + num_spatial_dims ? output_size.slice(leading) : output_size;
    if (wanted.length !== num_spatial_dims) {
      throw new ValueError(
        `ConvTranspose${num_spatial_dims}D: for ${input.ndim}D input, output_size must have ${num_spatial_dims} or ${leading + num_spatial_dims} elements (got ${wanted.length})`,
      );
    }
    const least = wanted.map((_, i) => {
      const reach = (dilation?.[i] ?? 1) * (kernel_size[i]! - 1);
      return (input.size(i + leading) - 1) * stride[i]! - 2 * padding[i]! + reach + 1;
    });
    const most = least.map((size, i) => size + stride[i]! - 1);
    if (wanted.some((size, i) => size < least[i]! || size > most[i]!)) {
      throw new ValueError(
        `requested an output size of ${listText(wanted)}, but valid sizes range from ${listText(least)} to ${listText(most)} (for an input of ${sizeText(input.shape.slice(2))})`,
      );
    }
    return wanted.map((size, i) => size - least[i]!);
  }
}

/** The base of the transposed convolutions. */
export class _ConvTransposeNd extends pythonClass('_ConvTransposeNd', GEOMETRY, ConvTransposeNdModule) {}

/** The operator of a transposed convolution. */
type Convolve = (
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Size,
  padding: Size,
  output_padding: Size,
  groups: number,
  dilation: Size,
) => Tensor;

/** A transposed convolution of some number of dimensions. */
interface TransposedConvolution extends _ConvTransposeNd {
  /**
   * `output_size` chooses among the sizes that a stride makes possible: the spatial sizes, or the whole output shape.
   *
   * @throws ValueError when it is not possible
   */
  forward(
    ...args: Arguments<['input', 'output_size'], [input: Tensor, output_size?: readonly number[] | null]>
  ): Tensor;
}

function transposedConvolution(
  name: string,
  dims: number,
  convolve: Convolve,
): new (
  ...values: Parameters
) => TransposedConvolution {
  return class extends _ConvTransposeNd {
    static {
      pythonMethods(this.prototype, name, { forward: ['input', 'output_size'] });
    }

    constructor(
      in_channels: number,
      out_channels: number,
      kernel_size: Size,
      stride: Size = 1,
      padding: Size = 0,
      output_padding: Size = 0,
      groups: number = 1,
      bias: boolean = true,
      dilation: Size = 1,
      padding_mode: PaddingMode = 'zeros',
      ...factory: Factory
    ) {
      super(
        in_channels,
        out_channels,
        ntuple(kernel_size, dims),
        ntuple(stride, dims),
        ntuple(padding, dims),
        ntuple(dilation, dims),
        true,
        ntuple(output_padding, dims),
        groups,
        bias,
        padding_mode,
        ...factory,
      );
    }

    override forward(input: Tensor, output_size: readonly number[] | null = null): Tensor {
      const { weight, bias, stride, kernel_size, dilation, groups } = this;
      const padding = this.padding as readonly number[];
      const extra = this._output_padding(input, output_size, stride, padding, kernel_size, dims, dilation);
      return convolve(input, weight, bias, stride, padding, extra, groups, dilation);
    }
  } as unknown as new (
    ...values: Parameters
  ) => TransposedConvolution;
}

const NAMES = [
  ...CHANNELS,
  'stride',
  'padding',
  'output_padding',
  'groups',
  'bias',
  'dilation',
  'padding_mode',
  ...FACTORY,
] as const;

/**
 * 1-dimensional transposed convolution: (N, in_channels, L) → (N, out_channels, L'), L' as H' of `ConvTranspose2d`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
 */
export class ConvTranspose1d extends pythonClass(
  'ConvTranspose1d',
  NAMES,
  transposedConvolution('ConvTranspose1d', 1, conv_transpose1d),
) {}

/**
 * 2-dimensional transposed convolution, the gradient of Conv2d with respect to its input:
 * (N, in_channels, H, W) → (N, out_channels, H', W'),
 * H' = (H−1)·stride − 2·padding + dilation·(kernel−1) + output_padding + 1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 */
export class ConvTranspose2d extends pythonClass(
  'ConvTranspose2d',
  NAMES,
  transposedConvolution('ConvTranspose2d', 2, conv_transpose2d),
) {}

/**
 * 3-dimensional transposed convolution: (N, in_channels, D, H, W) → (N, out_channels, D', H', W'), sizes as H' of
 * `ConvTranspose2d`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html
 */
export class ConvTranspose3d extends pythonClass(
  'ConvTranspose3d',
  NAMES,
  transposedConvolution('ConvTranspose3d', 3, conv_transpose3d),
) {}
