/** Losses of distances and orders. The formulas are in `functional/loss_distance.ts`. */
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { valueText } from '../../../core';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import {
  cosine_embedding_loss,
  hinge_embedding_loss,
  margin_ranking_loss,
  triplet_margin_loss,
  triplet_margin_with_distance_loss,
} from '../../functional/loss_distance';
import type { Reduction } from '../../functional/reduction';
import type { InputAndTarget } from '../../module/inputs';
import { PairwiseDistance } from '../distance';
import { _Loss, type Former, REDUCTION } from './base';

/** Arguments of `forward` of a loss of two inputs. */
type Pair = Arguments<['input1', 'input2', 'target'], [input1: Tensor, input2: Tensor, target: Tensor]>;

/** Arguments of `forward` of a loss of triplets. */
type Triplet = Arguments<['anchor', 'positive', 'negative'], [anchor: Tensor, positive: Tensor, negative: Tensor]>;

/** Distances of two batches of vectors. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

function checkMargin(name: string, margin: number): void {
  if (margin <= 0) {
    throw new ValueError(`${name}: expected margin to be greater than 0, got ${valueText(margin)} instead`);
  }
}

class HingeEmbeddingLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'HingeEmbeddingLoss', { forward: ['input', 'target'] });
  }

  constructor(
    /** Distance that is wanted of pairs with target −1. Default 1. */
    public margin: number = 1,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return hinge_embedding_loss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * x where the target is 1, max(0, margin − x) where it is −1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html
 */
export class HingeEmbeddingLoss extends pythonClass(
  'HingeEmbeddingLoss',
  ['margin', ...REDUCTION],
  HingeEmbeddingLossModule,
) {}

class CosineEmbeddingLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'CosineEmbeddingLoss', { forward: ['input1', 'input2', 'target'] });
  }

  constructor(
    /** Cosine up to which pairs with target −1 cost nothing. Default 0. */
    public margin: number = 0,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
  }

  override forward(...args: Pair): Tensor;
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosine_embedding_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * 1 − cos(x1, x2) where the target is 1, max(0, cos(x1, x2) − margin) where it is −1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html
 */
export class CosineEmbeddingLoss extends pythonClass(
  'CosineEmbeddingLoss',
  ['margin', ...REDUCTION],
  CosineEmbeddingLossModule,
) {}

class MarginRankingLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'MarginRankingLoss', { forward: ['input1', 'input2', 'target'] });
  }

  constructor(
    /** Difference that is wanted. Default 0. */
    public margin: number = 0,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
  }

  override forward(...args: Pair): Tensor;
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return margin_ranking_loss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/**
 * max(0, −t·(x1 − x2) + margin), with a target t of 1 where x1 should be the larger, −1 where x2.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html
 */
export class MarginRankingLoss extends pythonClass(
  'MarginRankingLoss',
  ['margin', ...REDUCTION],
  MarginRankingLossModule,
) {}

class TripletMarginLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'TripletMarginLoss', { forward: ['anchor', 'positive', 'negative'] });
  }

  constructor(
    /** Difference of the distances that is wanted. Default 1. */
    public margin: number = 1,
    /** p of the norm. Default 2. */
    public p: number = 2,
    /** Added to each difference. Default 1e-6. */
    public eps: number = 1e-6,
    /** Whether the distance from positive to negative counts where it is the smaller. Default false. */
    public swap: boolean = false,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
    checkMargin('TripletMarginLoss', margin);
  }

  override forward(...args: Triplet): Tensor;
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return triplet_margin_loss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/**
 * max(0, ‖anchor − positive‖ₚ − ‖anchor − negative‖ₚ + margin).
 * @throws ValueError for margin ≤ 0
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html
 */
export class TripletMarginLoss extends pythonClass(
  'TripletMarginLoss',
  ['margin', 'p', 'eps', 'swap', ...REDUCTION],
  TripletMarginLossModule,
) {}

class TripletMarginWithDistanceLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'TripletMarginWithDistanceLoss', { forward: ['anchor', 'positive', 'negative'] });
  }

  /** The distance d. Default `PairwiseDistance()`. */
  distance_function: DistanceFunction;

  constructor(
    distance_function: DistanceFunction | null = null,
    /** Difference of the distances that is wanted. Default 1. */
    public margin: number = 1,
    /** Whether the distance from positive to negative counts where it is the smaller. Default false. */
    public swap: boolean = false,
    reduction: Reduction = 'mean',
  ) {
    super({ reduction });
    checkMargin('TripletMarginWithDistanceLoss', margin);
    this.distance_function = distance_function ?? new PairwiseDistance();
  }

  override forward(...args: Triplet): Tensor;
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distance_function, margin, swap, reduction } = this;
    return triplet_margin_with_distance_loss(anchor, positive, negative, {
      distance_function,
      margin,
      swap,
      reduction,
    });
  }
}

/**
 * max(0, d(anchor, positive) − d(anchor, negative) + margin).
 * @throws ValueError for margin ≤ 0
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html
 */
export class TripletMarginWithDistanceLoss extends pythonClass(
  'TripletMarginWithDistanceLoss',
  ['*', 'distance_function', 'margin', 'swap', 'reduction'],
  TripletMarginWithDistanceLossModule,
) {}
