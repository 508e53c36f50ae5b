/** Losses that compare distributions. */
import { no_grad } from '../../autograd';
import { native, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import { asFloat, Float, sameShape, warn } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { chosenReduction, isReduction, reduced, type Reduction, reductionCode } from './reduction';
import { sizeOf } from './shapes';

/**
 * eˣ − t·x with `log_input`, x − t·log(x + eps) without; `full` adds Stirling's term.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html
 */
export const poisson_nll_loss = pythonFunction(
  'poisson_nll_loss',
  ['input', 'target', 'log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    log_input: boolean = true,
    full: boolean = false,
    size_average: boolean | null = null,
    eps: number = 1e-8,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const chosen = chosenReduction(size_average, reduce, reduction);
    if (!isReduction(chosen)) throw new ValueError(`${chosen} is not a valid value for reduction`);
    return torch.poisson_nll_loss(input, target, log_input, full, eps, reductionCode(chosen));
  },
);

/** The variances in a shape that broadcasts to the input's along one dimension at most. */
function matchVariance(variance: Tensor, input: readonly number[]): Tensor {
  const shape = sizeOf(variance);
  if (sameShape(shape, input)) return variance;
  if (sameShape(shape, input.slice(0, -1))) return variance.unsqueeze(-1);
  const differing = shape.filter((length, i) => length !== input[i]);
  // Python adds up the lengths that differ: one of them has to be 1, others 0.
  const isSingle = differing.reduce((sum, length) => sum + length, 0) === 1;
  if (shape.length !== input.length || !isSingle) throw new ValueError('var is of incorrect size');
  return variance;
}

/**
 * (log max(var, eps) + (x − t)²/max(var, eps))/2; `full` adds log(2π)/2. `var` has the input's shape, or it lacks the
 * last dimension, or one dimension is 1, or it is a number.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html
 *
 * @throws ValueError for negative variances and other shapes
 */
export const gaussian_nll_loss = pythonFunction(
  'gaussian_nll_loss',
  ['input', 'target', 'var', 'full', 'eps', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    variance: Tensor | number | Float,
    full: boolean = false,
    eps: number = 1e-6,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const isNumber = typeof variance === 'number' || variance instanceof Float;
    if (isNumber ? Number(variance) < 0 : torch.any(variance.lt(0)).item()) {
      throw new ValueError('var has negative entry/entries');
    }
    const given = isNumber ? torch.ones_like(input).mul(asFloat(Number(variance))) : variance;
    const matched = matchVariance(given, sizeOf(input));
    if (!isReduction(reduction)) throw new ValueError(`${reduction} is not valid`);
    const clamped = matched.clone();
    no_grad(() => clamped.clamp_(eps));
    const loss = clamped.log().add(input.sub(target).pow(2).div(clamped)).mul(0.5);
    if (full) loss.add_(0.5 * native.libm('log', 2 * Math.PI));
    return reduced(loss, reduction);
  },
);

/**
 * t·(log t − x) for log-probabilities x; with `log_target`, t are log-probabilities too. 'batchmean' divides the sum
 * by the first dimension, which is the mathematical divergence.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
 */
export const kl_div = pythonFunction(
  'kl_div',
  ['input', 'target', 'size_average', 'reduce', 'reduction', 'log_target'],
  (
    input: Tensor,
    target: Tensor,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction | 'batchmean' = 'mean',
    log_target: boolean = false,
  ): Tensor => {
    const chosen = chosenReduction(size_average, reduce, reduction);
    if (reduction === 'mean' && size_average === null && reduce === null) {
      warn(
        "reduction: 'mean' divides the total loss by both the batch size and the support size." +
          "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
          "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
      );
    }
    const code = reductionCode(chosen === 'batchmean' ? 'sum' : chosen);
    const divergence = torch.kl_div(input, target, code, { log_target });
    // Also when size_average or reduce chose otherwise.
    return reduction === 'batchmean' && input.ndim !== 0 ? divergence.div(input.shape[0]!) : divergence;
  },
);
