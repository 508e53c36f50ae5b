/** Maxima put back to where max pooling took them from; zero elsewhere. */
import { ValueError } from '../../native';
import * as raw from '../../generated/nn_functional';
import { type OneOrMany, type PythonFunction, pythonFunction } from '../../call';
import { listText } from '../../core';
import type { Tensor } from '../../memory';
import { sizeOf } from './shapes';
import { lengthOf, ntuple } from './sizes';

const names = ['input', 'indices', 'kernel_size', 'stride', 'padding', 'output_size'] as const;

type Values = [
  input: Tensor,
  indices: Tensor,
  kernel_size: OneOrMany<number>,
  stride?: OneOrMany<number> | null,
  padding?: OneOrMany<number>,
  output_size?: readonly number[] | null,
];

type Unpool = PythonFunction<typeof names, Values, Tensor>;

/** The pooling whose result is undone. */
interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
}

function chosenSize(defaults: readonly number[], strides: readonly number[], wanted: readonly number[]) {
  const dims = defaults.length;
  const size = lengthOf(wanted) === dims + 2 ? wanted.slice(2) : wanted;
  if (size.length !== dims) {
    throw new ValueError(
      `output_size should be a sequence containing ${dims} or ${dims + 2} elements, but it has a length of '${size.length}'`,
    );
  }
  size.forEach((length, d) => {
    const min = defaults[d]! - strides[d]!;
    const max = defaults[d]! + strides[d]!;
    if (!(min < length && length < max)) {
      throw new ValueError(`invalid output_size "${listText(size)}" (dim ${d} must be between ${min} and ${max})`);
    }
  });
  return size;
}

function unpooledSize(input: Tensor, { kernel, stride, padding }: Window, wanted: readonly number[] | null) {
  const shape = sizeOf(input);
  const dims = kernel.length;
  const defaults = kernel.map((length, d) => {
    return (shape.at(d - dims)! - 1) * stride[d]! + length - 2 * padding[d]!;
  });
  const size = wanted === null ? defaults : chosenSize(defaults, stride, wanted);
  size.forEach((length, d) => {
    if (!(length >= 0)) {
      throw new ValueError(
        `max_unpooling: output_size must contain non-negative spatial dimensions, but got output_size[${d}]=${length}`,
      );
    }
  });
  return size;
}

function unpool(
  dims: 1 | 2 | 3,
  put: (input: Tensor, indices: Tensor, size: readonly number[], window: Window) => Tensor,
): Unpool {
  const implementation: (...values: Values) => Tensor = (
    input,
    indices,
    kernel_size,
    stride = null,
    padding = 0,
    output_size = null,
  ) => {
    const kernel = ntuple(kernel_size, dims);
    const window = { kernel, stride: stride === null ? kernel : ntuple(stride, dims), padding: ntuple(padding, dims) };
    return put(input, indices, unpooledSize(input, window, output_size), window);
  };
  return pythonFunction(`max_unpool${dims}d`, names, implementation);
}

/**
 * Undoes `max_pool1d`, as far as that can be: (N, C, L) or (C, L). `output_size` tells apart the sizes that pool to
 * the same one.
 *
 * @throws ValueError for an output size that cannot be
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html
 */
export const max_unpool1d: Unpool = unpool(1, (input, indices, size) =>
  raw.max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1),
);

/**
 * Undoes `max_pool2d`, as far as that can be: (N, C, H, W) or (C, H, W); see `max_unpool1d`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html
 */
export const max_unpool2d: Unpool = unpool(2, (input, indices, size) => raw.max_unpool2d(input, indices, size));

/**
 * Undoes `max_pool3d`, as far as that can be: (N, C, D, H, W) or (C, D, H, W); see `max_unpool1d`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool3d.html
 */
export const max_unpool3d: Unpool = unpool(3, (input, indices, size, { stride, padding }) =>
  raw.max_unpool3d(input, indices, size, stride, padding),
);
