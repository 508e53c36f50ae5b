/** How losses are summed up, and the former ways of saying it. */
import { ValueError } from '../../errors';
import { warn } from './warn';

/** How a loss is summed up: its mean, its sum, or every element of it. */
export type Reduction = 'none' | 'mean' | 'sum';

/** libtorch's code of a reduction. Throws ValueError for an unknown one. */
export function reductionCode(reduction: string): number {
  if (reduction === 'elementwise_mean') {
    warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.");
    return 1;
  }
  const code = ['none', 'mean', 'sum'].indexOf(reduction);
  if (code < 0) throw new ValueError(`${reduction} is not a valid value for reduction`);
  return code;
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
