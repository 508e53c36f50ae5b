/** Losses of a choice between classes. */
import { ValueError } from '../../native';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import type { Scalar } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { chosenCode, type Reduction, reductionCode } from './reduction';
import { dimOf } from './shapes';

/**
 * −x at the target, for log-probabilities x of the shapes that `cross_entropy` takes.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 */
export const nll_loss = pythonFunction(
  'nll_loss',
  ['input', 'target', 'weight', 'size_average', 'ignore_index', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    size_average: boolean | null = null,
    ignore_index: number = -100,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => raw.nll_loss_nd(input, target, weight, chosenCode(size_average, reduce, reduction), ignore_index),
);

/**
 * −log softmax(x) at the target: (N, C) or (N, C, …) against class numbers (N) or (N, …), or against class
 * probabilities of the input's shape. `weight` has one number for each class; targets equal to `ignore_index` do not
 * count; `label_smoothing` is the share of the target that is given evenly to all classes.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 */
export const cross_entropy = pythonFunction(
  'cross_entropy',
  ['input', 'target', 'weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    size_average: boolean | null = null,
    ignore_index: number = -100,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
    label_smoothing: number = 0,
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    return raw.cross_entropy_loss(input, target, weight, code, ignore_index, label_smoothing);
  },
);

/**
 * −log of the probability that aligning (T, N, C) log-probabilities gives the target sequences.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.ctc_loss.html
 */
export const ctc_loss = pythonFunction(
  'ctc_loss',
  ['log_probs', 'targets', 'input_lengths', 'target_lengths', 'blank', 'reduction', 'zero_infinity'],
  (
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | readonly number[],
    target_lengths: Tensor | readonly number[],
    blank: number = 0,
    reduction: Reduction = 'mean',
    zero_infinity: boolean = false,
  ): Tensor => {
    const code = reductionCode(reduction);
    // Python's parser chooses between the two forms; tensors and lists do not mix.
    return torch.ctc_loss(
      log_probs,
      targets,
      input_lengths as Tensor,
      target_lengths as Tensor,
      blank,
      code,
      zero_infinity,
    );
  },
);

/**
 * Σ max(0, margin − x[t] + x[i])^p / C over the classes i other than the target t, times `weight[t]`.
 *
 * @throws ValueError unless p is 1 or 2
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html
 */
export const multi_margin_loss = pythonFunction(
  'multi_margin_loss',
  ['input', 'target', 'p', 'margin', 'weight', 'size_average', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    p: Scalar = 1,
    margin: Scalar = 1,
    weight: Tensor | null = null,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    if (Number(p) !== 1 && Number(p) !== 2) throw new ValueError('only p == 1 and p == 2 supported');
    if (weight !== null && dimOf(weight) !== 1) throw new ValueError('weight must be one-dimensional');
    return raw.multi_margin_loss(input, target, p, margin, weight, code);
  },
);

/**
 * Σ max(0, 1 − (x[t] − x[i])) / C over the target classes t (up to the first −1) and the others i.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_margin_loss.html
 */
export const multilabel_margin_loss = pythonFunction(
  'multilabel_margin_loss',
  ['input', 'target', 'size_average', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => raw.multilabel_margin_loss(input, target, chosenCode(size_average, reduce, reduction)),
);
