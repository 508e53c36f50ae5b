/** Maxima of windows at random places. */
import { type OneOrMany, pythonClass, pythonMethods } from '../../../call';
import { valueText } from '../../../core';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import { fractional_max_pool2d, fractional_max_pool3d } from '../../functional/fractional_max_pool';
import { ntuple } from '../../functional/sizes';
import type { Input } from '../../module/inputs';
import { Module } from '../../module/module';

/** One number for all dimensions, or one for each. */
type PerDimension = OneOrMany<number>;

const PARAMETERS = ['kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples'] as const;

class FractionalMaxPoolNd extends Module {
  /** Size of the windows. */
  readonly kernel_size: readonly number[];
  /** Spatial size of the result; or `output_ratio`. */
  readonly output_size: readonly number[] | null;
  /** Factors, between 0 and 1, of the input's spatial size; or `output_size`. */
  readonly output_ratio: readonly number[] | null;
  /** Places of the windows, in [0, 1); null draws new ones for each call. */
  declare _random_samples: Tensor | null;

  constructor(
    name: string,
    dims: number,
    kernel_size: PerDimension,
    output_size: PerDimension | null,
    output_ratio: PerDimension | null,
    /** Whether the result is [maxima, their places in the input]. Default false. */
    public return_indices: boolean,
    _random_samples: Tensor | null,
  ) {
    super();
    this.kernel_size = ntuple(kernel_size, dims);
    this.register_buffer('_random_samples', _random_samples);
    this.output_size = output_size === null ? null : ntuple(output_size, dims);
    this.output_ratio = output_ratio === null ? null : ntuple(output_ratio, dims);
    if (output_size === null && output_ratio === null) {
      throw new ValueError(`${name} requires specifying either an output size, or a pooling ratio`);
    }
    if (output_size !== null && output_ratio !== null) {
      throw new ValueError('only one of output_size and output_ratio may be specified');
    }
    if (this.output_ratio !== null && !this.output_ratio.slice(0, dims).every((ratio) => ratio > 0 && ratio < 1)) {
      throw new ValueError(`output_ratio must be between 0 and 1 (got ${valueText(output_ratio)})`);
    }
  }
}

class FractionalMaxPool2dModule extends FractionalMaxPoolNd {
  static {
    pythonMethods(this.prototype, 'FractionalMaxPool2d', { forward: ['input'] });
  }

  constructor(
    kernel_size: PerDimension,
    output_size: PerDimension | null = null,
    output_ratio: PerDimension | null = null,
    return_indices: boolean = false,
    _random_samples: Tensor | null = null,
  ) {
    super('FractionalMaxPool2d', 2, kernel_size, output_size, output_ratio, return_indices, _random_samples);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, output_size, output_ratio, return_indices, _random_samples } = this;
    // Indices, where they are asked for, make a pair, whose items are as typed.
    return fractional_max_pool2d(
      input,
      kernel_size,
      output_size,
      output_ratio,
      return_indices,
      _random_samples,
    ) as Tensor;
  }
}

/**
 * Maxima of windows at random places of (N, C, H, W) or (C, H, W), to `output_size` or to `output_ratio` times the input's size.
 * @throws ValueError unless just one of them is given
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html
 */
export class FractionalMaxPool2d extends pythonClass('FractionalMaxPool2d', PARAMETERS, FractionalMaxPool2dModule) {}

class FractionalMaxPool3dModule extends FractionalMaxPoolNd {
  static {
    pythonMethods(this.prototype, 'FractionalMaxPool3d', { forward: ['input'] });
  }

  constructor(
    kernel_size: PerDimension,
    output_size: PerDimension | null = null,
    output_ratio: PerDimension | null = null,
    return_indices: boolean = false,
    _random_samples: Tensor | null = null,
  ) {
    if (ntuple(kernel_size, 3).some((size) => size <= 0)) {
      throw new ValueError(`kernel_size must be greater than 0, but got ${valueText(kernel_size)}`);
    }
    super('FractionalMaxPool3d', 3, kernel_size, output_size, output_ratio, return_indices, _random_samples);
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { kernel_size, output_size, output_ratio, return_indices, _random_samples } = this;
    // Indices, where they are asked for, make a pair, whose items are as typed.
    return fractional_max_pool3d(
      input,
      kernel_size,
      output_size,
      output_ratio,
      return_indices,
      _random_samples,
    ) as Tensor;
  }
}

/**
 * Maxima of windows at random places of (N, C, D, H, W) or (C, D, H, W), to `output_size` or to `output_ratio` times the input's size.
 * @throws ValueError unless just one of them is given
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html
 */
export class FractionalMaxPool3d extends pythonClass('FractionalMaxPool3d', PARAMETERS, FractionalMaxPool3dModule) {}
