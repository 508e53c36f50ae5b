/** How much is pruned: a number of elements, or a part of them. */
import { Float, sizeText, valueText } from '../../../core';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import { round } from '../../../python';

/** A count, or a fraction: `torch.asFloat(1)` is all of them. */
export type Amount = number | Float;

const isCount = (amount: Amount): amount is number => typeof amount === 'number' && Number.isInteger(amount);

/** Throws unless it is a fraction between 0 and 1 or a count. */
export function checkAmount(amount: Amount): void {
  if (typeof amount !== 'number' && !(amount instanceof Float)) {
    throw new TypeError(`Invalid type for amount: ${valueText(amount)}. Must be int or float.`);
  }
  const bad = isCount(amount) ? amount < 0 : !(Number(amount) <= 1 && Number(amount) >= 0);
  if (!bad) return;
  throw new ValueError(
    `amount=${valueText(amount)} should either be a float in the range [0, 1] or a non-negative integer`,
  );
}

/**
 * The number of elements to prune, of so many.
 *
 * @throws ValueError where there are fewer
 */
export function countOf(amount: Amount, size: number): number {
  const count = isCount(amount) ? amount : Number(round(Number(amount) * size));
  if (count > size) {
    throw new ValueError(`amount=${count} should be smaller than the number of parameters to prune=${size}`);
  }
  return count;
}

/** Throws unless the tensor has channels in the dimension. */
export function checkStructured(t: Tensor, dim: number): void {
  const { shape } = t;
  if (shape.length <= 1) {
    throw new ValueError(
      `Structured pruning can only be applied to multidimensional tensors. Found tensor of shape ${sizeText(shape)} with ${shape.length} dims`,
    );
  }
  if (dim >= shape.length) throw new RangeError(`Invalid index ${dim} for tensor of size ${sizeText(shape)}`);
}
