/** Top-k training (Sinha et al. 2020, https://arxiv.org/abs/2002.06224): a generator learns from its best samples. */
import type { Tensor } from 'isotorch';
import { pow } from 'isotorch/python';

/** How k shrinks. */
export interface TopKOptions {
  /** What k is multiplied by each epoch. */
  gamma?: number;
  /** Least share of a batch. */
  frac?: number;
}

/** k = ceil(batch · max(γ^epochs, frac)); epochs may be a fraction. */
export function top_k_size(batch_size: number, epochs: number, { gamma = 0.99, frac = 0.5 }: TopKOptions = {}): number {
  return Math.ceil(batch_size * Math.max(pow(gamma, epochs) as number, frac));
}

/**
 * The k best of a batch's logits, all of them where k is the batch's size.
 * @param largest whether the best are the largest; the smallest are with lucidrains' flipped hinge loss
 */
export function top_k(logits: Tensor, k: number, { largest = true } = {}): Tensor {
  if (k === logits.numel()) return logits;
  return logits.flatten().topk(k, { largest })[0]!;
}
