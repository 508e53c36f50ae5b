/** Losses of yes-or-no answers. */
import { ValueError } from '../../native';
import { commonShape } from '../../functional/inside';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import { pythonFunction } from '../../call';
import { sameShape, sizeText } from '../../core';
import type { Tensor } from '../../memory';
import { chosenCode, chosenReduction, isReduction, reduced, type Reduction } from './reduction';
import { dimOf, sizeOf } from './shapes';

/**
 * −(t·log x + (1−t)·log(1−x)) for probabilities x, times `weight`.
 *
 * @throws ValueError when the sizes differ
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 */
export const binary_cross_entropy = pythonFunction(
  'binary_cross_entropy',
  ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    const [given, wanted] = [sizeOf(target), sizeOf(input)];
    if (!sameShape(given, wanted)) {
      throw new ValueError(
        `Using a target size (${sizeText(given)}) that is different to the input size (${sizeText(wanted)}) is deprecated. ` +
          'Please ensure they have the same size.',
      );
    }
    const wide = weight === null ? null : weight.expand(commonShape([given, sizeOf(weight)], sizeText));
    return raw.binary_cross_entropy(input, target, wide, code);
  },
);

/**
 * The binary cross entropy of σ(x), computed so that large x do no harm. `weight` multiplies each element's loss,
 * `pos_weight` the part of it that belongs to positive targets.
 *
 * @throws ValueError when the sizes differ
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 */
export const binary_cross_entropy_with_logits = pythonFunction(
  'binary_cross_entropy_with_logits',
  ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction', 'pos_weight'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
    pos_weight: Tensor | null = null,
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    const [given, wanted] = [sizeOf(target), sizeOf(input)];
    if (!sameShape(given, wanted)) {
      throw new ValueError(`Target size (${sizeText(given)}) must be the same as input size (${sizeText(wanted)})`);
    }
    return torch.binary_cross_entropy_with_logits(input, target, weight, pos_weight, code);
  },
);

/**
 * log(1 + e^(−t·x)) for targets ±1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html
 */
export const soft_margin_loss = pythonFunction(
  'soft_margin_loss',
  ['input', 'target', 'size_average', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => raw.soft_margin_loss(input, target, chosenCode(size_average, reduce, reduction)),
);

/**
 * −(t·log σ(x) + (1−t)·log σ(−x)), times `weight`, averaged over the classes (the last dimension).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html
 */
export const multilabel_soft_margin_loss = pythonFunction(
  'multilabel_soft_margin_loss',
  ['input', 'target', 'weight', 'size_average', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const chosen = chosenReduction(size_average, reduce, reduction);
    const positive = target.mul(raw.log_sigmoid(input));
    const negative = torch.rsub(target, 1).mul(raw.log_sigmoid(input.neg()));
    let loss = positive.add(negative).neg();
    if (weight !== null) loss = loss.mul(weight);
    const classDim = dimOf(input) - 1;
    loss = loss.sum(classDim).div(input.size(classDim));
    if (!isReduction(chosen)) throw new ValueError(`${chosen} is not valid`);
    return reduced(loss, chosen);
  },
);
