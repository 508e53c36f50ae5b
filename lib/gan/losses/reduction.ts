/** What becomes of a loss's elements. */
import type { Tensor } from 'isotorch';

/** `mean` and `sum` over all elements, or the elements themselves. */
export type Reduction = 'mean' | 'sum' | 'none';

/** What every loss takes after its logits. */
export interface LossOptions {
  /** What becomes of the elements; `mean` where nothing is said. */
  reduction?: Reduction;
}

const REDUCTIONS: readonly Reduction[] = ['mean', 'sum', 'none'];

/** The elements by their reduction. */
export function reduce(elements: Tensor, reduction: Reduction = 'mean'): Tensor {
  if (reduction === 'mean') return elements.mean();
  if (reduction === 'sum') return elements.sum();
  if (reduction === 'none') return elements;
  throw new TypeError(`reduction has to be one of ${REDUCTIONS.join(', ')}, not ${String(reduction)}`);
}

const sizes = (tensor: Tensor): string => `[${tensor.shape.join(', ')}]`;

/** Whether two tensors go together element by element, without broadcasting. */
export const sameShape = (a: Tensor, b: Tensor): boolean => a.shape.join() === b.shape.join();

/** Refuses halves that cannot be taken pair by pair. */
export function requirePairs(what: string, real: Tensor, fake: Tensor): void {
  if (sameShape(real, fake)) return;
  throw new TypeError(
    `${what} takes real and fake pair by pair: their shapes ${sizes(real)} and ${sizes(fake)} have to be equal`,
  );
}

/**
 * The terms of both halves together: added element by element and reduced once, as the papers write it. Halves of other
 * shapes than each other would be broadcast (N×1 and N to N×N), so each is reduced by itself.
 */
export function reduceBoth(real: Tensor, fake: Tensor, reduction: Reduction = 'mean'): Tensor {
  if (sameShape(real, fake)) return reduce(real.add(fake), reduction);
  if (reduction === 'none') requirePairs("reduction 'none'", real, fake);
  return reduce(real, reduction).add(reduce(fake, reduction));
}
