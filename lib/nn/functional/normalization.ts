import { ValueError } from '../../errors';
import * as torch from '../../generated/functions';
import { native } from '../../native';
import type { Tensor } from '../../tensor/tensor';
import { type Arguments, readArguments } from '../arguments';
import { sizeText, valueText } from '../text';

function checkBatchSize(shape: readonly number[]): void {
  let values = shape[0] ?? 0;
  for (let i = 2; i < shape.length; i++) values *= shape[i]!;
  if (values === 1) {
    throw new ValueError(`Expected more than 1 value per channel when training, got input size ${sizeText(shape)}`);
  }
}

/** Optional arguments of `batch_norm`. */
export interface BatchNormArguments {
  weight?: Tensor | null;
  bias?: Tensor | null;
  training?: boolean;
  momentum?: number;
  eps?: number;
}

const defaults: Required<BatchNormArguments> = {
  weight: null,
  bias: null,
  training: false,
  momentum: 0.1,
  eps: 1e-5,
};

/**
 * (input − mean)/√(var + eps)·weight + bias for each channel. In training mean and variance are the batch's
 * and move the running ones; otherwise the running ones are used.
 *
 * Throws ValueError in training for a single value per channel or eps ≤ 0.
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html
 */
export function batch_norm(
  input: Tensor,
  running_mean: Tensor | null,
  running_var: Tensor | null,
  ...rest: Arguments<BatchNormArguments, ['weight', 'bias', 'training', 'momentum', 'eps']>
): Tensor {
  const { weight, bias, training, momentum, eps } = readArguments('batch_norm', defaults, rest);
  if (training) checkBatchSize(input.shape);
  if (training && eps <= 0) {
    throw new ValueError(`batch_norm eps must be positive during training, but got ${valueText(eps)}`);
  }
  if (eps < 0) {
    throw new ValueError(`batch_norm eps must be non-negative, but got ${valueText(eps)}`);
  }
  const cudnn = native.get_backend_flag('cudnn.enabled');
  return torch.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn);
}
