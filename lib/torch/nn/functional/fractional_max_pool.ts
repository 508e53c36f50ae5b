/** Maxima of windows at random places, after https://arxiv.org/abs/1412.6071. */
import { ValueError } from '../../native';
import { booleanDispatch, type OneOrMany, pythonFunction } from '../../call';
import { rand } from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import type { Tensor } from '../../memory';
import { toInt } from './python_math';
import { dimOf, tensorWith } from './shapes';
import { lengthOf, ntuple } from './sizes';
import type { IndicesOnRequest, WithIndices } from './with_indices';

const names = ['input', 'kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples'] as const;
type Names = typeof names;

type Values<Ratio, Flag extends boolean> = [
  input: Tensor,
  kernel_size: OneOrMany<number>,
  output_size?: OneOrMany<number> | null,
  output_ratio?: Ratio | null,
  return_indices?: Flag,
  _random_samples?: Tensor | null,
];

type FractionalWithIndices<Ratio> = WithIndices<Names, Values<Ratio, boolean>>;
type Fractional<Ratio> = IndicesOnRequest<Names, Values<Ratio, false>, Values<Ratio, true>, Values<Ratio, boolean>>;

type Pool = (
  input: Tensor,
  kernel_size: OneOrMany<number>,
  output_size: OneOrMany<number>,
  random_samples: Tensor,
) => [Tensor, Tensor];

function withIndices<Ratio extends OneOrMany<number>>(
  dims: 2 | 3,
  pool: Pool,
  check: (output_ratio: Ratio) => void,
): FractionalWithIndices<Ratio> {
  const name = `fractional_max_pool${dims}d`;
  const implementation: (...values: Values<Ratio, boolean>) => [Tensor, Tensor] = (
    input,
    kernel_size,
    output_size = null,
    output_ratio = null,
    _return_indices = false,
    _random_samples = null,
  ) => {
    let size = output_size;
    if (size === null) {
      if (output_ratio === null) {
        throw new ValueError(`${name} requires specifying either an output_size or an output_ratio`);
      }
      check(output_ratio);
      const ratios = ntuple<number>(output_ratio, dims);
      tensorWith('size', input);
      size = Array.from({ length: dims }, (_, i) => toInt(input.size(i - dims) * ratios[i]!));
    }
    let samples = _random_samples;
    if (samples === null) {
      const batch = dimOf(input) === dims + 1 ? 1 : input.size(0);
      samples = rand([batch, input.size(-dims - 1), dims], { dtype: input.dtype, device: input.device });
    }
    return pool(input, kernel_size, size, samples);
  };
  return pythonFunction(`${name}_with_indices`, names, implementation);
}

function fractional<Ratio>(name: string, both: FractionalWithIndices<Ratio>): Fractional<Ratio> {
  const implementation: (...values: Values<Ratio, boolean>) => Tensor = (
    input,
    kernel_size,
    output_size = null,
    output_ratio = null,
    return_indices = false,
    _random_samples = null,
  ) => both(input, kernel_size, output_size, output_ratio, return_indices, _random_samples)[0];
  return booleanDispatch(
    name,
    'return_indices',
    names.indexOf('return_indices'),
    both,
    pythonFunction(`_${name}`, names, implementation),
  ) as Fractional<Ratio>;
}

function refuseLongRatio(output_ratio: readonly number[]): void {
  if (lengthOf(output_ratio) > 2) {
    throw new ValueError('fractional_max_pool2d requires output_ratio to either be a single Int or tuple of Ints.');
  }
}

/** As `fractional_max_pool2d`, and where in a flattened plane the maxima lie. */
export const fractional_max_pool2d_with_indices: FractionalWithIndices<readonly number[]> = withIndices(
  2,
  raw.fractional_max_pool2d,
  refuseLongRatio,
);

/**
 * Maxima of windows at random places of the last two dimensions: (N, C, H, W) or (C, H, W), to `output_size` or to
 * `output_ratio` times the input's.
 *
 * @throws ValueError when neither is given
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fractional_max_pool2d.html
 */
export const fractional_max_pool2d: Fractional<readonly number[]> = fractional(
  'fractional_max_pool2d',
  fractional_max_pool2d_with_indices,
);

/** As `fractional_max_pool3d`, and where in a flattened volume the maxima lie. */
export const fractional_max_pool3d_with_indices: FractionalWithIndices<OneOrMany<number>> = withIndices(
  3,
  raw.fractional_max_pool3d,
  () => {},
);

/**
 * Maxima of windows at random places of the last three dimensions: (N, C, D, H, W) or (C, D, H, W), to `output_size`
 * or to `output_ratio` times the input's.
 *
 * @throws ValueError when neither is given
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fractional_max_pool3d.html
 */
export const fractional_max_pool3d: Fractional<OneOrMany<number>> = fractional(
  'fractional_max_pool3d',
  fractional_max_pool3d_with_indices,
);
