import * as raw from '../../generated/nn_functional';
import { isTensor, type Tensor } from '../../memory';
import { pythonFunction } from '../../call';
import { avoidsKernel, padReplicating } from './deterministic';

/** Way in which `pad` continues a tensor. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/**
 * Continues a tensor past its borders. `pad` lists [before, after] for the last dimension, then for the one before
 * it, and so on; negative amounts cut. `value` (null is 0) is for mode 'constant' only.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 */
export const pad = pythonFunction(
  'pad',
  ['input', 'pad', 'mode', 'value'],
  (input: Tensor, pad: readonly number[], mode: PadMode = 'constant', value: number | null = null): Tensor =>
    mode === 'replicate' && isTensor(input) && avoidsKernel(input, (device) => device === 'cuda' || device === 'xpu')
      ? padReplicating(input, pad)
      : raw.pad(input, pad, mode, value),
);
