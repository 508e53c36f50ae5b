import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { conv1d, conv2d, conv3d } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { pad } from '../../functional/pad';
import { ntuple } from '../../functional/sizes';
import { FACTORY, type Factory } from '../../module/factory';
import type { Input } from '../../module/inputs';
import { _ConvNd, CHANNELS, type PaddingMode, type Size } from './conv_nd';

/** Parameters of a convolution. */
type Parameters = [
  in_channels: number,
  out_channels: number,
  kernel_size: Size,
  stride?: Size,
  padding?: Size | 'same' | 'valid',
  dilation?: Size,
  groups?: number,
  bias?: boolean,
  padding_mode?: PaddingMode,
  ...factory: Factory,
];

/** The operator of a convolution. */
type Convolve = (
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Size,
  padding: Size | 'same' | 'valid',
  dilation: Size,
  groups: number,
) => Tensor;

/** A convolution of some number of dimensions. */
interface Convolution extends _ConvNd {
  forward(...args: Input): Tensor;
  /** The convolution with another weight and bias. */
  _conv_forward(
    ...args: Arguments<['input', 'weight', 'bias'], [input: Tensor, weight: Tensor, bias: Tensor | null]>
  ): Tensor;
}

function convolution(name: string, dims: number, convolve: Convolve): new (...values: Parameters) => Convolution {
  return class extends _ConvNd {
    static {
      pythonMethods(this.prototype, name, { _conv_forward: ['input', 'weight', 'bias'], forward: ['input'] });
    }

    constructor(
      in_channels: number,
      out_channels: number,
      kernel_size: Size,
      stride: Size = 1,
      padding: Size | 'same' | 'valid' = 0,
      dilation: Size = 1,
      groups: number = 1,
      bias: boolean = true,
      padding_mode: PaddingMode = 'zeros',
      ...factory: Factory
    ) {
      super(
        in_channels,
        out_channels,
        ntuple(kernel_size, dims),
        ntuple(stride, dims),
        typeof padding === 'string' ? padding : ntuple(padding, dims),
        ntuple(dilation, dims),
        false,
        ntuple(0, dims),
        groups,
        bias,
        padding_mode,
        ...factory,
      );
    }

    _conv_forward(input: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
      const { stride, padding, dilation, groups, padding_mode } = this;
      if (padding_mode === 'zeros') return convolve(input, weight, bias, stride, padding, dilation, groups);
      const padded = pad(input, this._reversed_padding_repeated_twice, padding_mode);
      return convolve(padded, weight, bias, stride, 0, dilation, groups);
    }

    override forward(input: Tensor): Tensor {
      return this._conv_forward(input, this.weight, this.bias);
    }
  } as unknown as new (
    ...values: Parameters
  ) => Convolution;
}

const NAMES = [...CHANNELS, 'stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode', ...FACTORY] as const;

/**
 * 1-dimensional convolution: (N, in_channels, L) → (N, out_channels, L'), L' as H' of `Conv2d`.
 *
 * @throws ValueError for impossible groups, padding or padding_mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
 */
export class Conv1d extends pythonClass('Conv1d', NAMES, convolution('Conv1d', 1, conv1d as Convolve)) {}

/**
 * 2-dimensional convolution: (N, in_channels, H, W) → (N, out_channels, H', W'),
 * H' = ⌊(H + 2·padding − dilation·(kernel−1) − 1)/stride⌋ + 1.
 *
 * @throws ValueError for impossible groups, padding or padding_mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export class Conv2d extends pythonClass('Conv2d', NAMES, convolution('Conv2d', 2, conv2d as Convolve)) {}

/**
 * 3-dimensional convolution: (N, in_channels, D, H, W) → (N, out_channels, D', H', W'), sizes as H' of `Conv2d`.
 *
 * @throws ValueError for impossible groups, padding or padding_mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html
 */
export class Conv3d extends pythonClass('Conv3d', NAMES, convolution('Conv3d', 3, conv3d as Convolve)) {}
