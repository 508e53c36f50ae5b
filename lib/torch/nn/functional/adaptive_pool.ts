/**
 * Pooling to a given output size.
 *
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html#pooling-functions
 */
import { booleanDispatch, type OneOrMany, type PythonFunction, pythonFunction } from '../../call';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import type { Tensor } from '../../memory';
import { withDefaults } from './sizes';
import type { IndicesOnRequest, WithIndices } from './with_indices';

/** One size for all dimensions or one for each; null is the input's. */
type Output = OneOrMany<number | null>;

const names = ['input', 'output_size', 'return_indices'] as const;
type Names = typeof names;
type Values<Size, Flag extends boolean> = [input: Tensor, output_size: Size, return_indices?: Flag];

type AdaptiveWithIndices<Size> = WithIndices<Names, Values<Size, boolean>>;
type Adaptive<Size> = IndicesOnRequest<Names, Values<Size, false>, Values<Size, true>, Values<Size, boolean>>;

type Pool<Result> = (input: Tensor, output_size: OneOrMany<number>) => Result;

function withIndices<Size>(
  caller: string,
  pool: (input: Tensor, output_size: Size) => [Tensor, Tensor],
): AdaptiveWithIndices<Size> {
  const implementation: (...values: Values<Size, boolean>) => [Tensor, Tensor] = (input, output_size) =>
    pool(input, output_size);
  return pythonFunction(caller, names, implementation);
}

function adaptive<Size>(name: string, both: AdaptiveWithIndices<Size>): Adaptive<Size> {
  const implementation: (...values: Values<Size, boolean>) => Tensor = (input, output_size) =>
    both(input, output_size)[0];
  return booleanDispatch(
    name,
    'return_indices',
    names.indexOf('return_indices'),
    both,
    pythonFunction(`_${name}`, names, implementation),
  ) as Adaptive<Size>;
}

function toDefaults<Result>(pool: Pool<Result>): (input: Tensor, output_size: Output) => Result {
  return (input, output_size) => pool(input, withDefaults(output_size, input));
}

/** Maxima of `output_size` windows along the last dimension, and where in it they lie. */
export const adaptive_max_pool1d_with_indices: AdaptiveWithIndices<OneOrMany<number>> = withIndices(
  'adaptive_max_pool1d_with_indices',
  torch.adaptive_max_pool1d,
);

/**
 * Maxima of `output_size` windows along the last dimension: (N, C, L) or (C, L).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html
 */
export const adaptive_max_pool1d: Adaptive<OneOrMany<number>> = adaptive(
  'adaptive_max_pool1d',
  adaptive_max_pool1d_with_indices,
);

/** Maxima of `output_size` windows over the last two dimensions, and where in a flattened plane they lie. */
export const adaptive_max_pool2d_with_indices: AdaptiveWithIndices<Output> = withIndices(
  'adaptive_max_pool2d_with_indices',
  toDefaults<[Tensor, Tensor]>(raw.adaptive_max_pool2d),
);

/**
 * Maxima of `output_size` windows over the last two dimensions: (N, C, H, W) or (C, H, W); null keeps a dimension's
 * size.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html
 */
export const adaptive_max_pool2d: Adaptive<Output> = adaptive('adaptive_max_pool2d', adaptive_max_pool2d_with_indices);

/** Maxima of `output_size` windows over the last three dimensions, and where in a flattened volume they lie. */
export const adaptive_max_pool3d_with_indices: AdaptiveWithIndices<Output> = withIndices(
  'adaptive_max_pool3d_with_indices',
  toDefaults<[Tensor, Tensor]>(raw.adaptive_max_pool3d),
);

/**
 * Maxima of `output_size` windows over the last three dimensions: (N, C, D, H, W) or (C, D, H, W); null keeps a
 * dimension's size.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool3d.html
 */
export const adaptive_max_pool3d: Adaptive<Output> = adaptive('adaptive_max_pool3d', adaptive_max_pool3d_with_indices);

type AdaptiveMean = PythonFunction<['input', 'output_size'], [input: Tensor, output_size: Output], Tensor>;

function adaptiveMean(name: string, pool: Pool<Tensor>): AdaptiveMean {
  return pythonFunction(name, ['input', 'output_size'], toDefaults(pool));
}

/**
 * Means of `output_size` windows over the last two dimensions: (N, C, H, W) or (C, H, W); null keeps a dimension's
 * size.
 *
 * @throws ValueError when the input has no dimension besides
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
 */
export const adaptive_avg_pool2d: AdaptiveMean = adaptiveMean('adaptive_avg_pool2d', raw.adaptive_avg_pool2d);

/**
 * Means of `output_size` windows over the last three dimensions: (N, C, D, H, W) or (C, D, H, W); null keeps a
 * dimension's size.
 *
 * @throws ValueError when the input has no dimension besides
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool3d.html
 */
export const adaptive_avg_pool3d: AdaptiveMean = adaptiveMean('adaptive_avg_pool3d', raw.adaptive_avg_pool3d);
