/** Masks that let a position see only those before it. */
import { full, triu } from '../../../generated/functions';
import type { DeviceLike, Dtype } from '../../../core';
import type { Tensor } from '../../../memory';

/** −∞ above the diagonal, zeros elsewhere: (size, size). */
export function causalMask(size: number, device: DeviceLike | null, dtype: Dtype | null): Tensor {
  const options = { dtype: dtype ?? undefined, device: device ?? undefined };
  return triu(full([size, size], -Infinity, options), 1);
}

/** Length of the sequences; null where they are nested, of several lengths. */
export function sequenceLength(input: Tensor, batch_first: boolean): number | null {
  if (input.is_nested) return null;
  return input.size(input.ndim === 2 || !batch_first ? 0 : 1);
}

/** What is said of a mask; where nothing is, whether it is the causal one. */
export function isCausal(mask: Tensor | null, said: boolean | null, length: number | null): boolean {
  if (said !== null || mask === null) return said === true;
  const causal = causalMask(length ?? mask.size(-2), mask.device, mask.dtype);
  if (mask.ndim !== 2 || mask.size(0) !== causal.size(0) || mask.size(1) !== causal.size(1)) return false;
  return mask.eq(causal).all().item<boolean>();
}
