/** Inputs of layers and losses, by position or keyword. */
import type { Arguments } from '../../call';
import type { Tensor } from '../../memory';
import { ValueError } from '../../native';

/** Arguments of a layer's `forward`. */
export type Input = Arguments<['input'], [input: Tensor]>;

/** Arguments of a loss's `forward`. */
export type InputAndTarget = Arguments<['input', 'target'], [input: Tensor, target: Tensor]>;

/** Throws ValueError unless the input has one of these numbers of dimensions. */
export function checkDims(input: Tensor, ...wanted: readonly number[]): void {
  if (wanted.includes(input.ndim)) return;
  throw new ValueError(`expected ${wanted.map((dims) => `${dims}D`).join(' or ')} input (got ${input.ndim}D input)`);
}
