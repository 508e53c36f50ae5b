/** `unique` and `unique_consecutive` (`torch/functional.py`). */
import * as raw from '../generated/functions';
import { booleanDispatch, pythonFunction } from '../call';
import type { Tensor } from '../memory';

/** Keywords of `unique_consecutive`. */
export interface UniqueConsecutiveOptions<Inverse, Counts> {
  /** Whether to say for each element where it went. Default false. */
  return_inverse?: Inverse;
  /** Whether to say how often each element occurred. Default false. */
  return_counts?: Counts;
  /** Compare the slices along this dimension instead of elements. */
  dim?: number | null;
}

/** Keywords of `unique`. */
export interface UniqueOptions<Inverse, Counts> extends UniqueConsecutiveOptions<Inverse, Counts> {
  /** Whether to sort the result in ascending order. Default true. */
  sorted?: boolean;
}

/** The values; after them, where asked for, the inverse indices and the counts. */
export type UniqueResult<Inverse, Counts> = Inverse extends true
  ? Counts extends true
    ? [output: Tensor, inverse_indices: Tensor, counts: Tensor]
    : [output: Tensor, inverse_indices: Tensor]
  : Counts extends true
    ? [output: Tensor, counts: Tensor]
    : Tensor;

/** Arguments of `unique` after the tensor. */
export type UniqueArguments<Inverse, Counts> =
  | [options?: UniqueOptions<Inverse, Counts>]
  | [sorted?: boolean, return_inverse?: Inverse, return_counts?: Counts, dim?: number | null];

/** The ways of calling `unique`. */
export type Unique = <Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  ...args: UniqueArguments<Inverse, Counts>
) => UniqueResult<Inverse, Counts>;

/** The ways of calling `unique_consecutive`. */
export type UniqueConsecutive = <Inverse extends boolean = false, Counts extends boolean = false>(
  input: Tensor,
  options?: UniqueConsecutiveOptions<Inverse, Counts>,
) => UniqueResult<Inverse, Counts>;

type Three = [Tensor, Tensor, Tensor];
type Pick = (results: Three) => unknown;

const all: Pick = (results) => results;
const output: Pick = ([values]) => values;
const withInverse: Pick = ([values, inverse]) => [values, inverse];
const withCounts: Pick = ([values, , counts]) => [values, counts];

// Python names the chosen variant in messages about wrong calls; so do we.
function uniqueVariant(name: string, pick: Pick) {
  return pythonFunction(
    name,
    ['input', 'sorted', 'return_inverse', 'return_counts', 'dim'],
    (
      input: Tensor,
      sorted: boolean = true,
      return_inverse: boolean = false,
      return_counts: boolean = false,
      dim: number | null = null,
    ): unknown =>
      pick(
        dim === null
          ? raw._unique2(input, sorted, return_inverse, return_counts)
          : raw.unique_dim(input, dim, sorted, return_inverse, return_counts),
      ),
  );
}

function consecutiveVariant(name: string, pick: Pick) {
  return pythonFunction(
    name,
    ['input', 'return_inverse', 'return_counts', 'dim'],
    (
      input: Tensor,
      return_inverse: boolean = false,
      return_counts: boolean = false,
      dim: number | null = null,
    ): unknown => pick(raw.unique_consecutive(input, return_inverse, return_counts, dim)),
  );
}

/**
 * The distinct elements (or slices along `dim`), in ascending order.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unique.html
 */
export const unique = booleanDispatch(
  'unique',
  'return_inverse',
  2,
  booleanDispatch(
    'unique',
    'return_counts',
    3,
    uniqueVariant('_return_inverse_and_counts', all),
    uniqueVariant('_return_inverse', withInverse),
  ),
  booleanDispatch(
    'unique',
    'return_counts',
    3,
    uniqueVariant('_return_counts', withCounts),
    uniqueVariant('_return_output', output),
  ),
) as Unique;

/**
 * The elements (or slices along `dim`) that differ from the one before.
 *
 * Which results come back is best said by keyword: by position Python looks for the flags where other arguments are.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unique_consecutive.html
 */
export const unique_consecutive = booleanDispatch(
  'unique_consecutive',
  'return_inverse',
  2,
  booleanDispatch(
    'unique_consecutive',
    'return_counts',
    1,
    consecutiveVariant('_consecutive_return_inverse_and_counts', all),
    consecutiveVariant('_consecutive_return_inverse', withInverse),
  ),
  booleanDispatch(
    'unique_consecutive',
    'return_counts',
    1,
    consecutiveVariant('_consecutive_return_counts', withCounts),
    consecutiveVariant('_consecutive_return_output', output),
  ),
) as UniqueConsecutive;

/** `unique` as a method. */
export const uniqueMethod = pythonFunction(
  'Tensor.unique',
  ['self', 'sorted', 'return_inverse', 'return_counts', 'dim'],
  (
    self: Tensor,
    sorted: boolean = true,
    return_inverse: boolean = false,
    return_counts: boolean = false,
    dim: number | null = null,
  ): unknown => unique(self, { sorted, return_inverse, return_counts, dim }),
);

/** `unique_consecutive` as a method. */
export const uniqueConsecutiveMethod = pythonFunction(
  'Tensor.unique_consecutive',
  ['self', 'return_inverse', 'return_counts', 'dim'],
  (self: Tensor, return_inverse: boolean = false, return_counts: boolean = false, dim: number | null = null): unknown =>
    unique_consecutive(self, { return_inverse, return_counts, dim }),
);
