/** Inputs of layers and losses, by position or keyword. */
import type { Arguments } from '../../call';
import type { Tensor } from '../../memory';

/** Arguments of a layer's `forward`. */
export type Input = Arguments<['input'], [input: Tensor]>;

/** Arguments of a loss's `forward`. */
export type InputAndTarget = Arguments<['input', 'target'], [input: Tensor, target: Tensor]>;
