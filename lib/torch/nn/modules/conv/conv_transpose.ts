import { type MethodArguments, type OneOrMany, pythonClass, pythonFunction } from '../../../call';
import { ValueError } from '../../../native';
import { conv_transpose2d } from '../../../generated/functions';
import { sizeText } from '../../../core';
import type { Tensor } from '../../../memory';
import { FACTORY, type Factory } from '../../module/factory';
import type { Module } from '../../module/module';
import { CHANNELS, ConvNd, type ConvShape, type PaddingMode, pair } from './conv';

const forwardArguments = pythonFunction(
  'ConvTranspose2d.forward',
  ['self', 'input', 'output_size'],
  (_self: Module, input: Tensor, output_size: readonly number[] | null = null): [Tensor, readonly number[] | null] => [
    input,
    output_size,
  ],
);

class ConvTranspose2dModule extends ConvNd {
  declare readonly padding: number[];

  constructor(
    in_channels: number,
    out_channels: number,
    kernel_size: OneOrMany<number>,
    stride: OneOrMany<number> = 1,
    padding: OneOrMany<number> = 0,
    output_padding: OneOrMany<number> = 0,
    groups: number = 1,
    bias: boolean = true,
    dilation: OneOrMany<number> = 1,
    padding_mode: PaddingMode = 'zeros',
    ...factory: Factory
  ) {
    if (padding_mode !== 'zeros') {
      throw new ValueError('Only "zeros" padding mode is supported for ConvTranspose2d');
    }
    const shape: ConvShape = {
      kernel_size: pair(kernel_size),
      stride: pair(stride),
      padding: pair(padding),
      dilation: pair(dilation),
      output_padding: pair(output_padding),
      groups,
      bias,
      padding_mode,
      transposed: true,
    };
    super(in_channels, out_channels, shape, factory);
  }

  /**
   * `output_size` chooses among the sizes that a stride makes possible: the spatial sizes, or the whole output shape.
   *
   * @throws ValueError when it is not possible
   */
  override forward(...args: MethodArguments<typeof forwardArguments>): Tensor {
    const [input, wanted] = forwardArguments(this, ...args);
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

/**
 * 2-dimensional transposed convolution, the gradient of Conv2d with respect to its input:
 * (N, in_channels, H, W) → (N, out_channels, H', W'),
 * H' = (H−1)·stride − 2·padding + dilation·(kernel−1) + output_padding + 1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 */
export class ConvTranspose2d extends pythonClass(
  'ConvTranspose2d',
  [...CHANNELS, 'stride', 'padding', 'output_padding', 'groups', 'bias', 'dilation', 'padding_mode', ...FACTORY],
  ConvTranspose2dModule,
) {}
