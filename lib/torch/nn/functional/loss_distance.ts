/** Losses of distances and orders between embeddings or scores. */
import { TorchError, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import { asFloat, type Float, sizeText, valueText } from '../../core';
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { chosenCode, isReduction, reduced, type Reduction } from './reduction';
import { sizeOf, tensorWith } from './shapes';

function refuseMargin(margin: number | Float): void {
  if (Number(margin) <= 0) throw new ValueError(`margin must be greater than 0, got ${valueText(margin)}`);
}

/**
 * max(0, −t·(x1 − x2) + margin) for targets ±1.
 *
 * @throws TorchError when the numbers of dimensions differ
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html
 */
export const margin_ranking_loss = pythonFunction(
  'margin_ranking_loss',
  ['input1', 'input2', 'target', 'margin', 'size_average', 'reduce', 'reduction'],
  (
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: number = 0,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    const [size1, size2, size] = [sizeOf(input1), sizeOf(input2), sizeOf(target)];
    if (size1.length !== size2.length || size1.length !== size.length) {
      throw new TorchError(
        'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
          `input1: ${sizeText(size1)}, input2: ${sizeText(size2)}, target: ${sizeText(size)} `,
      );
    }
    return torch.margin_ranking_loss(input1, input2, target, margin, code);
  },
);

/**
 * x where t = 1, max(0, margin − x) where t = −1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html
 */
export const hinge_embedding_loss = pythonFunction(
  'hinge_embedding_loss',
  ['input', 'target', 'margin', 'size_average', 'reduce', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    margin: number = 1,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => torch.hinge_embedding_loss(input, target, margin, chosenCode(size_average, reduce, reduction)),
);

/**
 * 1 − cos(x1, x2) where t = 1, max(0, cos(x1, x2) − margin) where t = −1.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html
 */
export const cosine_embedding_loss = pythonFunction(
  'cosine_embedding_loss',
  ['input1', 'input2', 'target', 'margin', 'size_average', 'reduce', 'reduction'],
  (
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: number = 0,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    return torch.cosine_embedding_loss(input1, input2, target, margin, code);
  },
);

/**
 * max(0, ‖anchor − positive‖ₚ − ‖anchor − negative‖ₚ + margin); with `swap`, the negative may be compared with the
 * positive instead, if that is nearer.
 *
 * @throws ValueError unless margin > 0
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html
 */
export const triplet_margin_loss = pythonFunction(
  'triplet_margin_loss',
  ['anchor', 'positive', 'negative', 'margin', 'p', 'eps', 'swap', 'size_average', 'reduce', 'reduction'],
  (
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: number = 1,
    p: number = 2,
    eps: number = 1e-6,
    swap: boolean = false,
    size_average: boolean | null = null,
    reduce: boolean | null = null,
    reduction: Reduction = 'mean',
  ): Tensor => {
    const code = chosenCode(size_average, reduce, reduction);
    refuseMargin(margin);
    return torch.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, code);
  },
);

/**
 * `triplet_margin_loss` with a distance of the caller's; by default it is `pairwise_distance`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_with_distance_loss.html
 */
export const triplet_margin_with_distance_loss = pythonFunction(
  'triplet_margin_with_distance_loss',
  ['anchor', 'positive', 'negative', '*', 'distance_function', 'margin', 'swap', 'reduction'],
  (
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    distance_function: ((a: Tensor, b: Tensor) => Tensor) | null = null,
    margin: number | Float = asFloat(1),
    swap: boolean = false,
    reduction: Reduction = 'mean',
  ): Tensor => {
    if (!isReduction(reduction)) throw new ValueError(`${reduction} is not a valid value for reduction`);
    refuseMargin(margin);
    const [a, p, n] = [anchor, positive, negative].map((tensor) => tensorWith('ndim', tensor).ndim);
    if (a !== p || p !== n) {
      throw new TorchError(
        'The anchor, positive, and negative tensors are expected to have the same number of dimensions, ' +
          `but got: anchor ${a}D, positive ${p}D, and negative ${n}D inputs`,
      );
    }
    const distance = distance_function ?? torch.pairwise_distance;
    const near = distance(anchor, positive);
    let far = distance(anchor, negative);
    if (swap) far = torch.minimum(far, distance(positive, negative));
    return reduced(near.add(margin).sub(far).clamp_min(0), reduction);
  },
);
