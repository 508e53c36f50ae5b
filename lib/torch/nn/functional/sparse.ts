/** Rows of a table, chosen by integers, and what is made of several. */
import { no_grad } from '../../autograd';
import { AssertionError, NotImplementedError, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import { int64, sameShape, sizeText, warn } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { dimOf, sizeOf, tensorWith } from './shapes';

/**
 * The padding row counted from the start, or null.
 *
 * @throws AssertionError when there is no such row
 */
export function resolvePaddingIndex(
  padding_idx: number | null,
  rows: () => number,
  name = 'Padding_idx',
): number | null {
  if (padding_idx === null || padding_idx === 0) return padding_idx;
  const count = rows();
  if (padding_idx >= count || padding_idx < -count) {
    throw new AssertionError(`${name} must be within num_embeddings`);
  }
  return padding_idx < 0 ? count + padding_idx : padding_idx;
}

function shorten(weight: Tensor, input: Tensor, max_norm: number, norm_type: number): void {
  no_grad(() => torch.embedding_renorm_(weight.detach(), input, max_norm, norm_type));
}

/**
 * Rows of `weight` chosen by integers: (*) → (*, columns). Row `padding_idx` gets no gradient; rows longer than
 * `max_norm` are shortened in place.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 */
export const embedding = pythonFunction(
  'embedding',
  ['input', 'weight', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'],
  (
    input: Tensor,
    weight: Tensor,
    padding_idx: number | null = null,
    max_norm: number | null = null,
    norm_type: number = 2,
    scale_grad_by_freq: boolean = false,
    sparse: boolean = false,
  ): Tensor => {
    const padding = resolvePaddingIndex(padding_idx, () => tensorWith('size', weight).size(0)) ?? -1;
    let indices = input;
    if (max_norm !== null) {
      indices = input.contiguous();
      shorten(weight, indices, max_norm, norm_type);
    }
    return torch.embedding(weight, indices, padding, scale_grad_by_freq, sparse);
  },
);

/** Way in which `embedding_bag` joins the rows of a bag. */
export type BagMode = 'sum' | 'mean' | 'max';

/** The indices of all bags in one row, and where each bag starts. */
interface Bags {
  readonly input: Tensor;
  readonly offsets: Tensor;
  readonly weights: Tensor | null;
  readonly include_last_offset: boolean;
}

function equalBags(input: Tensor, weights: Tensor | null): Bags {
  const { dtype, device } = input;
  const offsets = torch.arange(0, input.numel(), input.size(1), { dtype, device });
  return {
    input: input.reshape(-1),
    offsets,
    weights: weights === null ? null : weights.reshape(-1),
    include_last_offset: false,
  };
}

function readBags(input: Tensor, offsets: Tensor | null, weights: Tensor | null, include_last_offset: boolean): Bags {
  const dims = dimOf(input);
  if (dims === 2) {
    if (offsets !== null) {
      throw new ValueError(
        "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type <class 'torch.Tensor'>",
      );
    }
    return equalBags(input, weights);
  }
  if (dims !== 1) throw new ValueError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${dims}`);
  if (offsets === null) throw new ValueError('offsets has to be a 1D Tensor but got None');
  if (offsets.dim() !== 1) throw new ValueError('offsets has to be a 1D Tensor');
  return { input, offsets, weights, include_last_offset };
}

function modeCode(mode: BagMode, scale_grad_by_freq: boolean, sparse: boolean): number {
  const code = ['sum', 'mean', 'max'].indexOf(mode);
  if (code < 0) throw new ValueError('mode has to be one of sum, mean or max');
  if (mode !== 'max') return code;
  if (scale_grad_by_freq) throw new ValueError('max mode does not support scaling the gradient by the frequency');
  if (sparse) throw new ValueError('max mode does not support sparse weights');
  return code;
}

/**
 * Sums, means or maxima of bags of rows of `weight`: each row of a 2-dimensional `input` is a bag; a 1-dimensional
 * one holds bags that start at `offsets`.
 *
 * @throws ValueError for what does not fit, NotImplementedError for `per_sample_weights` with a mode other than 'sum'
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html
 */
export const embedding_bag = pythonFunction(
  'embedding_bag',
  [
    'input',
    'weight',
    'offsets',
    'max_norm',
    'norm_type',
    'scale_grad_by_freq',
    'mode',
    'sparse',
    'per_sample_weights',
    'include_last_offset',
    'padding_idx',
  ],
  (
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | null = null,
    max_norm: number | null = null,
    norm_type: number = 2,
    scale_grad_by_freq: boolean = false,
    mode: BagMode = 'mean',
    sparse: boolean = false,
    per_sample_weights: Tensor | null = null,
    include_last_offset: boolean = false,
    padding_idx: number | null = null,
  ): Tensor => {
    let [indices, table] = [input, weight];
    if (tensorWith('dtype', weight).dtype === int64 && input.is_floating_point()) {
      warn(
        'Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is deprecated, and should now be `embedding_bag(input, weight, ...)`.',
      );
      [indices, table] = [weight, input];
    }
    if (per_sample_weights !== null && !sameShape(sizeOf(indices), sizeOf(per_sample_weights))) {
      throw new ValueError(
        `embedding_bag: If per_sample_weights (${sizeText(per_sample_weights.shape)}) is not None, then it must have the same shape as the input (${sizeText(indices.shape)})`,
      );
    }
    if (dimOf(table) !== 2) {
      throw new ValueError(`weight has to be a 2D Tensor, but got Tensor of dimension ${table.dim()}`);
    }
    const bags = readBags(indices, offsets, per_sample_weights, include_last_offset);
    const code = modeCode(mode, scale_grad_by_freq, sparse);
    if (max_norm !== null) shorten(table, bags.input, max_norm, norm_type);
    if (bags.weights !== null && mode !== 'sum') {
      throw new NotImplementedError(
        `embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='${mode}'). Please open a feature request on GitHub.`,
      );
    }
    return torch.embedding_bag(
      table,
      bags.input,
      bags.offsets,
      scale_grad_by_freq,
      code,
      sparse,
      bags.weights,
      bags.include_last_offset,
      padding_idx,
    )[0];
  },
);
