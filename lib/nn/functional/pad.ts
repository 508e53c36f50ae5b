import * as raw from '../../generated/nn_functional';
import type { Tensor } from '../../tensor/tensor';
import { type Arguments, readArguments } from '../arguments';

/** How `pad` continues a tensor. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/**
 * Continues a tensor past its borders. `pad` lists [before, after] for the last dimension, then for the one
 * before it, and so on; negative amounts cut. `value` (default 0) is for mode 'constant' only.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 */
export function pad(
  input: Tensor,
  pad: readonly number[],
  ...rest: Arguments<{ mode?: PadMode; value?: number | null }, ['mode', 'value']>
): Tensor {
  const defaults = { mode: 'constant' as PadMode, value: null as number | null };
  const { mode, value } = readArguments('pad', defaults, rest);
  return raw.pad(input, pad, mode, value);
}
