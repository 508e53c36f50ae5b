import { ValueError } from '../../errors';

/** How a loss is summed up: its mean, its sum, or every element of it. */
export type Reduction = 'none' | 'mean' | 'sum';

/** libtorch's code of a reduction. Throws ValueError for an unknown one. */
export function reductionCode(reduction: string): number {
  const code = ['none', 'mean', 'sum'].indexOf(reduction);
  if (code < 0) throw new ValueError(`${reduction} is not a valid value for reduction`);
  return code;
}

/** Python's former `size_average` and `reduce`, which `reduction` replaces. */
export interface LegacyReduction {
  size_average?: boolean | null;
  reduce?: boolean | null;
}

/** The reduction that is meant; warns when it is written the former way. */
export function chosenReduction(options: {
  size_average: boolean | null;
  reduce: boolean | null;
  reduction: Reduction;
}): Reduction {
  const { size_average, reduce } = options;
  if (size_average === null && reduce === null) return options.reduction;
  const chosen = !(reduce ?? true) ? 'none' : (size_average ?? true) ? 'mean' : 'sum';
  process.emitWarning(
    `size_average and reduce args will be deprecated, please use reduction='${chosen}' instead.`,
    'UserWarning',
  );
  return chosen;
}
