import { pythonClass } from '../../../call';
import type { Tensor } from '../../../memory';
import { chosenReduction, type Reduction } from '../../functional/reduction';
import { Module } from '../../module/module';

/** A former way of choosing the reduction. */
export type Former = boolean | null;

class LossModule extends Module {
  constructor(
    size_average: Former = null,
    reduce: Former = null,
    /** `'mean'` of the elements' losses (the default), their `'sum'`, or all of them: `'none'`. */
    public reduction: Reduction = 'mean',
  ) {
    super();
    this.reduction = chosenReduction(size_average, reduce, reduction);
  }
}

/** The names of the parameters that most losses end with. */
export const REDUCTION = ['size_average', 'reduce', 'reduction'] as const;

/** The base of the losses. */
export class _Loss extends pythonClass('_Loss', REDUCTION, LossModule) {}

class WeightedLossModule extends _Loss {
  /** Multiplies each element's loss, or that of each class. */
  declare weight: Tensor | null;

  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
    this.register_buffer('weight', weight);
  }
}

/** The base of the losses whose elements or classes can be weighted. */
export class _WeightedLoss extends pythonClass('_WeightedLoss', ['weight', ...REDUCTION], WeightedLossModule) {}
