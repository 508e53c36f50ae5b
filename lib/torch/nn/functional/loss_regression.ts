/** Losses between two numbers. All take (input, target) in this order. */
import { ValueError } from '../../native';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import { pythonFunction } from '../../call';
import { sameShape } from '../../core';
import type { Tensor } from '../../memory';
import { chosenReduction, isReduction, reduced, type Reduction, reductionCode } from './reduction';
import { sizeOf, warnUnlessSameSize } from './shapes';

function broadcast(input: Tensor, target: Tensor): [Tensor, Tensor] {
  return torch.broadcast_tensors([input, target]) as [Tensor, Tensor];
}

function refuseOtherSize(weight: Tensor, input: Tensor): void {
  if (!sameShape(sizeOf(weight), sizeOf(input))) throw new ValueError('Weights and input must have the same size.');
}

/** Sums up weighted losses; `mean` says what theirs is. */
function reduceWeighted(losses: Tensor, reduction: string, mean: () => Tensor): Tensor {
  if (!isReduction(reduction)) {
    throw new ValueError(`Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`);
  }
  return reduction === 'mean' ? mean() : reduced(losses, reduction);
}

/** A loss that libtorch has without weights; `lossOf` is what it makes of one difference. */
function weightable(
  name: string,
  withoutWeight: (input: Tensor, target: Tensor, reduction: number) => Tensor,
  lossOf: (difference: Tensor) => Tensor,
) {
  return pythonFunction(
    name,
    ['input', 'target', 'size_average', 'reduce', 'reduction', 'weight'],
    (
      input: Tensor,
      target: Tensor,
      size_average: boolean | null = null,
      reduce: boolean | null = null,
      reduction: Reduction = 'mean',
      weight: Tensor | null = null,
    ): Tensor => {
      warnUnlessSameSize(target, input);
      const chosen = chosenReduction(size_average, reduce, reduction);
      const [wideInput, wideTarget] = broadcast(input, target);
      if (weight === null) return withoutWeight(wideInput, wideTarget, reductionCode(chosen));
      refuseOtherSize(weight, input);
      const losses = lossOf(wideInput.sub(wideTarget)).mul(weight);
      return reduceWeighted(losses, chosen, () => losses.sum().div(weight.sum()));
    },
  );
}

/**
 * |x − t|, summed up as `reduction` says; with `weight`, the mean is the weighted one. Warns when the sizes differ,
 * because broadcasting is seldom meant.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 */
export const l1_loss = weightable('l1_loss', raw.l1_loss, (difference) => difference.abs());

/**
 * (x − t)², summed up as `reduction` says; with `weight`, the mean is the weighted one. Warns when the sizes differ,
 * because broadcasting is seldom meant.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export const mse_loss = weightable('mse_loss', raw.mse_loss, (difference) => difference.pow(2));

/**
 * (x − t)²/(2·beta) where |x − t| < beta, |x − t| − beta/2 elsewhere. Warns when the sizes differ.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html
 */
export const smooth_l1_loss = pythonFunction(
  'smooth_l1_loss',
  ['input', 'target', 'size_average', 'reduce', 'reduction', 'beta'],
  (
    input: Tensor,
    target: Tensor,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
    beta: number = 1,
  ): Tensor => {
    warnUnlessSameSize(target, input);
    const chosen = chosenReduction(size_average, reduce, reduction);
    const [wideInput, wideTarget] = broadcast(input, target);
    const code = reductionCode(chosen);
    if (Number(beta) === 0) return raw.l1_loss(wideInput, wideTarget, code);
    return raw.smooth_l1_loss(wideInput, wideTarget, code, beta);
  },
);

/**
 * (x − t)²/2 where |x − t| < delta, delta·(|x − t| − delta/2) elsewhere, times `weight`. Warns when the sizes differ.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html
 */
export const huber_loss = pythonFunction(
  'huber_loss',
  ['input', 'target', 'reduction', 'delta', 'weight'],
  (
    input: Tensor,
    target: Tensor,
    reduction: Reduction = 'mean',
    delta: number = 1,
    weight: Tensor | null = null,
  ): Tensor => {
    warnUnlessSameSize(target, input);
    const [wideInput, wideTarget] = broadcast(input, target);
    if (weight === null) return raw.huber_loss(wideInput, wideTarget, reductionCode(reduction), delta);
    refuseOtherSize(weight, input);
    const losses = raw.huber_loss(wideInput, wideTarget, reductionCode('none'), delta).mul(weight);
    return reduceWeighted(losses, reduction, () => losses.mean());
  },
);
