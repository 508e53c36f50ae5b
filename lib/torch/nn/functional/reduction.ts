/** Reductions of losses, and their former names. */
import { ValueError } from '../../native';
import type { Tensor } from '../../memory';
import { warn } from '../../core';

/** In the order of libtorch's codes. */
const reductions = ['none', 'mean', 'sum'] as const;

/** Reduction of a loss: its mean, its sum, or every element of it. */
export type Reduction = (typeof reductions)[number];

/** Whether it is one of Python's names; some functions check this in words of their own. */
export function isReduction(reduction: string): reduction is Reduction {
  return (reductions as readonly string[]).includes(reduction);
}

/** Losses that an operator has not summed up yet. */
export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

/**
 * libtorch's code of a reduction.
 *
 * @throws ValueError for an unknown one
 */
export function reductionCode(reduction: string): number {
  if (reduction === 'elementwise_mean') {
    warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.");
    return 1;
  }
  if (!isReduction(reduction)) throw new ValueError(`${reduction} is not a valid value for reduction`);
  return reductions.indexOf(reduction);
}

/** The reduction that is meant; warns when it is written the former way, by `size_average` and `reduce`. */
export function chosenReduction<T extends string>(
  size_average: boolean | null,
  reduce: boolean | null,
  reduction: T,
): T | Reduction {
  if (size_average === null && reduce === null) return reduction;
  const chosen = !(reduce ?? true) ? 'none' : (size_average ?? true) ? 'mean' : 'sum';
  warn(`size_average and reduce args will be deprecated, please use reduction='${chosen}' instead.`);
  return chosen;
}

/** `reductionCode` of `chosenReduction`. */
export function chosenCode(size_average: boolean | null, reduce: boolean | null, reduction: string): number {
  return reductionCode(chosenReduction(size_average, reduce, reduction));
}
