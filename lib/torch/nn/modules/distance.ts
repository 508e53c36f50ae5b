import { type Arguments, pythonClass, pythonMethods } from '../../call';
import { cosine_similarity, pairwise_distance } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { Module } from '../module/module';

/** Arguments of a distance's `forward`. */
type Pair = Arguments<['x1', 'x2'], [x1: Tensor, x2: Tensor]>;

class PairwiseDistanceModule extends Module {
  static {
    pythonMethods(this.prototype, 'PairwiseDistance', { forward: ['x1', 'x2'] });
  }

  norm: number;

  constructor(
    /** p of the norm. Default 2. */
    p: number = 2,
    /** Added to each difference, so that no gradient is infinite. Default 1e-6. */
    public eps: number = 1e-6,
    /** Whether the last dimension stays, with size 1. Default false. */
    public keepdim: boolean = false,
  ) {
    super();
    this.norm = p;
  }

  override forward(...args: Pair): Tensor;
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwise_distance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}

/**
 * ‖x1 − x2 + eps‖ₚ over the last dimension: (N, D) or (D) → (N) or ().
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html
 */
export class PairwiseDistance extends pythonClass(
  'PairwiseDistance',
  ['p', 'eps', 'keepdim'],
  PairwiseDistanceModule,
) {}

class CosineSimilarityModule extends Module {
  static {
    pythonMethods(this.prototype, 'CosineSimilarity', { forward: ['x1', 'x2'] });
  }

  constructor(
    /** Dimension of the vectors. Default 1. */
    public dim: number = 1,
    /** Least value of each norm. Default 1e-8. */
    public eps: number = 1e-8,
  ) {
    super();
  }

  override forward(...args: Pair): Tensor;
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return cosine_similarity(x1, x2, this.dim, this.eps);
  }
}

/**
 * x1·x2/(‖x1‖·‖x2‖) along a dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html
 */
export class CosineSimilarity extends pythonClass('CosineSimilarity', ['dim', 'eps'], CosineSimilarityModule) {}
