/**
 * Maxima of windows.
 *
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html#pooling-functions
 */
import { booleanDispatch, type OneOrMany, pythonFunction } from '../../call';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import { isTensor, type Tensor } from '../../memory';
import { avoidsKernel } from './deterministic';
import { maxPool3d } from './deterministic_max_pool';
import type { IndicesOnRequest, WithIndices } from './with_indices';

type Size = OneOrMany<number>;

const names = ['input', 'kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode', 'return_indices'] as const;
type Names = typeof names;

type Values<Flag extends boolean> = [
  input: Tensor,
  kernel_size: Size,
  stride?: Size | null,
  padding?: Size,
  dilation?: Size,
  ceil_mode?: boolean,
  return_indices?: Flag,
];

type Pool<Result> = (
  input: Tensor,
  kernel_size: Size,
  stride: Size,
  padding: Size,
  dilation: Size,
  ceil_mode: boolean,
) => Result;

type MaxPoolWithIndices = WithIndices<Names, Values<boolean>>;
type MaxPool = IndicesOnRequest<Names, Values<false>, Values<true>, Values<boolean>>;

function binding<Result>(caller: string, pool: Pool<Result>) {
  const implementation: (...values: Values<boolean>) => Result = (
    input,
    kernel_size,
    stride = null,
    padding = 0,
    dilation = 1,
    ceil_mode = false,
  ) => pool(input, kernel_size, stride ?? [], padding, dilation, ceil_mode);
  return pythonFunction(caller, names, implementation);
}

function maxPool(name: string, pool: Pool<Tensor>, withIndices: MaxPoolWithIndices): MaxPool {
  return booleanDispatch(
    name,
    'return_indices',
    names.indexOf('return_indices'),
    withIndices,
    binding(`_${name}`, pool),
  ) as MaxPool;
}

/** Maxima of windows along the last dimension, and where in it they lie: (N, C, L) or (C, L). */
export const max_pool1d_with_indices: MaxPoolWithIndices = binding(
  'max_pool1d_with_indices',
  torch.max_pool1d_with_indices,
);

/**
 * Maxima of windows along the last dimension: (N, C, L) or (C, L). `stride` null is the kernel's size.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html
 */
export const max_pool1d: MaxPool = maxPool('max_pool1d', torch.max_pool1d, max_pool1d_with_indices);

/** Maxima of windows over the last two dimensions, and where in a flattened plane they lie. */
export const max_pool2d_with_indices: MaxPoolWithIndices = binding(
  'max_pool2d_with_indices',
  raw.max_pool2d_with_indices,
);

/**
 * Maxima of windows over the last two dimensions: (N, C, H, W) or (C, H, W). `stride` null is the kernel's size.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
 */
export const max_pool2d: MaxPool = maxPool('max_pool2d', torch.max_pool2d, max_pool2d_with_indices);

/** Maxima of windows over the last three dimensions, and where in a flattened volume they lie. */
export const max_pool3d_with_indices: MaxPoolWithIndices = binding('max_pool3d_with_indices', (input, ...window) => {
  const indexing = isTensor(input) && avoidsKernel(input, (device) => device === 'cuda');
  return (indexing ? maxPool3d : raw.max_pool3d_with_indices)(input, ...window);
});

/**
 * Maxima of windows over the last three dimensions: (N, C, D, H, W) or (C, D, H, W). `stride` null is the kernel's
 * size.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html
 */
export const max_pool3d: MaxPool = maxPool('max_pool3d', torch.max_pool3d, max_pool3d_with_indices);
