import { ValueError } from '../../native/errors';
import { conv_transpose2d } from '../../generated/functions';
import type { OneOrMany } from '../../call/arguments';
import { sizeText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, type FactoryOptions, readArguments } from '../module/arguments';
import { ConvNd, type PaddingMode, pair } from './conv';

/** Options of `ConvTranspose2d`. A single number stands for both dimensions. */
export interface ConvTranspose2dOptions extends FactoryOptions {
  stride?: OneOrMany<number>;
  /** Taken away from each side of the output. */
  padding?: OneOrMany<number>;
  /** Added to one side of the output's size. */
  output_padding?: OneOrMany<number>;
  groups?: number;
  bias?: boolean;
  dilation?: OneOrMany<number>;
  /** Only 'zeros' exists. */
  padding_mode?: PaddingMode;
}

/**
 * 2-dimensional transposed convolution, the gradient of Conv2d with respect to its input:
 * (N, in_channels, H, W) → (N, out_channels, H', W'),
 * H' = (H−1)·stride − 2·padding + dilation·(kernel−1) + output_padding + 1.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 */
export class ConvTranspose2d extends ConvNd {
  declare readonly padding: number[];

  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: OneOrMany<number>,
    ...rest: Arguments<
      ConvTranspose2dOptions,
      ['stride', 'padding', 'output_padding', 'groups', 'bias', 'dilation', 'padding_mode']
    >
  );
  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: OneOrMany<number>,
    options?: ConvTranspose2dOptions,
  );
  constructor(in_channels: number, out_channels: number, kernel_size: OneOrMany<number>, ...rest: unknown[]) {
    const defaults: Required<ConvTranspose2dOptions> = {
      stride: 1,
      padding: 0,
      output_padding: 0,
      groups: 1,
      bias: true,
      dilation: 1,
      padding_mode: 'zeros',
      device: null,
      dtype: null,
    };
    const options = readArguments('ConvTranspose2d.__init__', defaults, rest);
    if (options.padding_mode !== 'zeros') {
      throw new ValueError('Only "zeros" padding mode is supported for ConvTranspose2d');
    }
    const shape = {
      ...options,
      kernel_size: pair(kernel_size),
      stride: pair(options.stride),
      padding: pair(options.padding),
      dilation: pair(options.dilation),
      output_padding: pair(options.output_padding),
      transposed: true,
    };
    super(in_channels, out_channels, shape, options);
  }

  /**
   * `output_size` chooses among the sizes that a stride makes possible: the spatial sizes, or the whole
   * output shape. Throws ValueError when it is not possible.
   */
  override forward(
    input: Tensor,
    output_size: readonly number[] | { output_size?: readonly number[] | null } | null = null,
  ): Tensor {
    const { output_size: wanted } = readArguments('forward', { output_size: null as readonly number[] | null }, [
      output_size,
    ]);
    const { weight, bias, stride, padding, groups, dilation } = this;
    const output_padding = wanted === null ? this.output_padding : this.#paddingFor(input, wanted);
    return conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation);
  }

  #paddingFor(input: Tensor, output_size: readonly number[]): number[] {
    const leading = input.ndim === 4 ? 2 : 1;
    const wanted = output_size.length === leading + 2 ? output_size.slice(leading) : output_size;
    if (wanted.length !== 2) {
      throw new ValueError(
        `ConvTranspose2D: for ${input.ndim}D input, output_size must have 2 or ${leading + 2} elements (got ${wanted.length})`,
      );
    }
    const least = wanted.map(
      (_, i) =>
        (input.shape[i + leading]! - 1) * this.stride[i]! -
        2 * this.padding[i]! +
        this.dilation[i]! * (this.kernel_size[i]! - 1) +
        1,
    );
    const most = least.map((size, i) => size + this.stride[i]! - 1);
    if (wanted.some((size, i) => size < least[i]! || size > most[i]!)) {
      const [asked, from, to] = [wanted, least, most].map((sizes) => `[${sizes.join(', ')}]`);
      throw new ValueError(
        `requested an output size of ${asked}, but valid sizes range from ${from} to ${to} (for an input of ${sizeText(input.shape.slice(2))})`,
      );
    }
    return wanted.map((size, i) => size - least[i]!);
  }
}
