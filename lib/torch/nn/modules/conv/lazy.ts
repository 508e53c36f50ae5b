/** Convolutions whose number of input channels is that of the first input. */
import { pythonClass } from '../../../call';
import { sizeText } from '../../../core';
import type { Tensor } from '../../../memory';
import { TorchError, ValueError } from '../../../native';
import { FACTORY, type Factory } from '../../module/factory';
import { UninitializedParameter } from '../../parameter';
import { type Lazily, LazyModuleMixin } from '../lazy';
import { Conv1d, Conv2d, Conv3d } from './conv';
import type { _ConvNd, PaddingMode, Size } from './conv_nd';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv_transpose';

type ConvClass<Layer extends _ConvNd> = new (...args: never[]) => Layer;

/** The lazy kind of a convolution; its constructor takes the arguments of the other, whose channels are 0. */
function lazyConvolution<Layer extends _ConvNd>(dims: number, base: ConvClass<Layer>) {
  const Lazy = LazyModuleMixin(base as unknown as new (...args: unknown[]) => _ConvNd);
  return class extends Lazy {
    override get cls_to_become(): ConvClass<Layer> {
      return base;
    }

    constructor(out_channels: number, bias: boolean, [device, dtype]: Factory, ...rest: readonly unknown[]) {
      super(0, 0, ...rest, device, dtype);
      this.weight = new UninitializedParameter({ device, dtype });
      this.out_channels = out_channels;
      if (bias) this.bias = new UninitializedParameter({ device, dtype });
    }

    override reset_parameters(): void {
      if (!this.has_uninitialized_params() && this.in_channels !== 0) super.reset_parameters();
    }

    override initialize_parameters(input: Tensor, ..._rest: unknown[]): void {
      if (!this.has_uninitialized_params()) return;
      this.in_channels = this._get_in_channels(input);
      if (this.in_channels % this.groups !== 0) throw new ValueError('in_channels must be divisible by groups');
      (this.weight as UninitializedParameter).materialize(this._weightShape());
      (this.bias as UninitializedParameter | null)?.materialize([this.out_channels]);
      this.reset_parameters();
    }

    _get_in_channels(input: Tensor): number {
      const alone = this._get_num_spatial_dims() + 1;
      if (input.ndim !== alone && input.ndim !== alone + 1) {
        throw new TorchError(
          `Expected ${alone}D (unbatched) or ${alone + 1}D (batched) input to ${this.constructor.name}, but got input of size: ${sizeText(input.shape)}`,
        );
      }
      return input.size(input.ndim - alone);
    }

    _get_num_spatial_dims(): number {
      return dims;
    }
  } as unknown as new (
    out_channels: number,
    bias: boolean,
    factory: Factory,
    ...rest: readonly unknown[]
  ) => Layer & Lazily;
}

/** Parameters of a lazy convolution. */
type Parameters = [
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

function lazyConv<Layer extends _ConvNd>(dims: number, base: ConvClass<Layer>) {
  return class extends (lazyConvolution(dims, base) as unknown as ReturnType<typeof lazyConvolution<_ConvNd>>) {
    constructor(
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
      // Without a bias, which would be made for nothing.
      const geometry = [kernel_size, stride, padding, dilation, groups, false, padding_mode];
      super(out_channels, bias, factory, ...geometry);
    }
  } as unknown as new (
    ...values: Parameters
  ) => Layer & Lazily;
}

/** Parameters of a lazy transposed convolution. */
type TransposedParameters = [
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

function lazyConvTranspose<Layer extends _ConvNd>(dims: number, base: ConvClass<Layer>) {
  return class extends (lazyConvolution(dims, base) as unknown as ReturnType<typeof lazyConvolution<_ConvNd>>) {
    constructor(
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
      const geometry = [kernel_size, stride, padding, output_padding, groups, false, dilation, padding_mode];
      super(out_channels, bias, factory, ...geometry);
    }
  } as unknown as new (
    ...values: TransposedParameters
  ) => Layer & Lazily;
}

const CHANNELS = ['out_channels', 'kernel_size', 'stride', 'padding'] as const;
const NAMES = [...CHANNELS, 'dilation', 'groups', 'bias', 'padding_mode', ...FACTORY] as const;
const TRANSPOSED = [...CHANNELS, 'output_padding', 'groups', 'bias', 'dilation', 'padding_mode', ...FACTORY] as const;

/**
 * A Conv1d whose in_channels is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConv1d.html
 */
export class LazyConv1d extends pythonClass('LazyConv1d', NAMES, lazyConv(1, Conv1d)) {}

/**
 * A Conv2d whose in_channels is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConv2d.html
 */
export class LazyConv2d extends pythonClass('LazyConv2d', NAMES, lazyConv(2, Conv2d)) {}

/**
 * A Conv3d whose in_channels is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConv3d.html
 */
export class LazyConv3d extends pythonClass('LazyConv3d', NAMES, lazyConv(3, Conv3d)) {}

/**
 * A ConvTranspose1d whose in_channels is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose1d.html
 */
export class LazyConvTranspose1d extends pythonClass(
  'LazyConvTranspose1d',
  TRANSPOSED,
  lazyConvTranspose(1, ConvTranspose1d),
) {}

/**
 * A ConvTranspose2d whose in_channels is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose2d.html
 */
export class LazyConvTranspose2d extends pythonClass(
  'LazyConvTranspose2d',
  TRANSPOSED,
  lazyConvTranspose(2, ConvTranspose2d),
) {}

/**
 * A ConvTranspose3d whose in_channels is that of its first input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose3d.html
 */
export class LazyConvTranspose3d extends pythonClass(
  'LazyConvTranspose3d',
  TRANSPOSED,
  lazyConvTranspose(3, ConvTranspose3d),
) {}
