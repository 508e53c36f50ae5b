/** Windows laid out as columns, and back. */
import * as raw from '../../generated/nn_functional';
import { type OneOrMany, pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { ntuple } from './sizes';

type Size = OneOrMany<number>;

const pair = (size: Size): readonly number[] => ntuple(size, 2);

/**
 * The windows of (N, C, H, W) as columns: (N, C·kernel elements, windows).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html
 */
export const unfold = pythonFunction(
  'unfold',
  ['input', 'kernel_size', 'dilation', 'padding', 'stride'],
  (input: Tensor, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1): Tensor =>
    raw.im2col(input, pair(kernel_size), pair(dilation), pair(padding), pair(stride)),
);

/**
 * The sum of windows given as columns: (N, C·kernel elements, windows) → (N, C, *output_size).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.fold.html
 */
export const fold = pythonFunction(
  'fold',
  ['input', 'output_size', 'kernel_size', 'dilation', 'padding', 'stride'],
  (
    input: Tensor,
    output_size: Size,
    kernel_size: Size,
    dilation: Size = 1,
    padding: Size = 0,
    stride: Size = 1,
  ): Tensor => raw.col2im(input, pair(output_size), pair(kernel_size), pair(dilation), pair(padding), pair(stride)),
);
