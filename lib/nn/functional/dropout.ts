import { ValueError } from '../../errors';
import * as torch from '../../generated/functions';
import type { Tensor } from '../../tensor/tensor';
import { type Arguments, readArguments } from '../arguments';
import { valueText } from '../text';

/** Throws ValueError unless 0 ≤ p ≤ 1. */
export function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new ValueError(`dropout probability has to be between 0 and 1, but got ${valueText(p)}`);
  }
}

/** Optional arguments of `dropout`. */
export interface DropoutArguments {
  /** Default 0.5. */
  p?: number;
  /** Default true. */
  training?: boolean;
  /** Default false. */
  inplace?: boolean;
}

/**
 * Sets each element to zero with probability p and multiplies the others by 1/(1−p); does nothing unless
 * `training`. See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 */
export function dropout(input: Tensor, ...rest: Arguments<DropoutArguments, ['p', 'training', 'inplace']>): Tensor {
  const defaults = { p: 0.5, training: true, inplace: false };
  const { p, training, inplace } = readArguments('dropout', defaults, rest);
  checkProbability(p);
  return inplace ? torch.dropout_(input, p, training) : torch.dropout(input, p, training);
}
