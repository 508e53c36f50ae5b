/** Normalisation by mean and variance. */
import { native, TorchError, ValueError } from '../../native';
import * as torch from '../../generated/functions';
import { pythonFunction } from '../../call';
import { listText, numelOf, sizeText, valueText } from '../../core';
import type { Tensor } from '../../memory';
import { floorDivide } from './python_math';
import { dimOf, sizeOf } from './shapes';

const cudnnEnabled = (): boolean => native.get_backend_flag('cudnn.enabled');

function checkBatchSize(size: readonly number[], text: (size: readonly number[]) => string): void {
  if (size.length === 0) throw new RangeError('tuple index out of range');
  if (size[0]! * numelOf(size.slice(2)) === 1) {
    throw new ValueError(`Expected more than 1 value per channel when training, got input size ${text(size)}`);
  }
}

/**
 * (input − mean)/√(var + eps)·weight + bias for each channel. In training mean and variance are the batch's and move
 * the running ones; otherwise the running ones are used.
 *
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html
 *
 * @throws ValueError in training for a single value per channel or eps ≤ 0
 */
export const batch_norm = pythonFunction(
  'batch_norm',
  ['input', 'running_mean', 'running_var', 'weight', 'bias', 'training', 'momentum', 'eps'],
  (
    input: Tensor,
    running_mean: Tensor | null,
    running_var: Tensor | null,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    training: boolean = false,
    momentum: number = 0.1,
    eps: number = 1e-5,
  ): Tensor => {
    if (training) checkBatchSize(sizeOf(input), sizeText);
    if (training && eps <= 0) {
      throw new ValueError(`batch_norm eps must be positive during training, but got ${valueText(eps)}`);
    }
    if (eps < 0) throw new ValueError(`batch_norm eps must be non-negative, but got ${valueText(eps)}`);
    return torch.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnnEnabled());
  },
);

/**
 * As `batch_norm`, with mean and variance of each channel of each item.
 *
 * @throws ValueError for a single value per channel and item, where the input's statistics are used
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html
 */
export const instance_norm = pythonFunction(
  'instance_norm',
  ['input', 'running_mean', 'running_var', 'weight', 'bias', 'use_input_stats', 'momentum', 'eps'],
  (
    input: Tensor,
    running_mean: Tensor | null = null,
    running_var: Tensor | null = null,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    use_input_stats: boolean = true,
    momentum: number = 0.1,
    eps: number = 1e-5,
  ): Tensor => {
    if (use_input_stats && numelOf(sizeOf(input).slice(2)) === 1) {
      throw new ValueError(
        `Expected more than 1 spatial element when training, got input size ${sizeText(input.shape)}`,
      );
    }
    return torch.instance_norm(
      input,
      weight,
      bias,
      running_mean,
      running_var,
      use_input_stats,
      momentum,
      eps,
      cudnnEnabled(),
    );
  },
);

/**
 * (input − mean)/√(var + eps)·weight + bias over the last dimensions, whose sizes are `normalized_shape`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html
 */
export const layer_norm = pythonFunction(
  'layer_norm',
  ['input', 'normalized_shape', 'weight', 'bias', 'eps'],
  (
    input: Tensor,
    normalized_shape: readonly number[],
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    eps: number = 1e-5,
  ): Tensor => torch.layer_norm(input, normalized_shape, weight, bias, eps, cudnnEnabled()),
);

/**
 * input/√(mean of squares + eps)·weight over the last dimensions, whose sizes are `normalized_shape`; `eps` null is
 * the dtype's own.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html
 */
export const rms_norm = pythonFunction(
  'rms_norm',
  ['input', 'normalized_shape', 'weight', 'eps'],
  (
    input: Tensor,
    normalized_shape: readonly number[],
    weight: Tensor | null = null,
    eps: number | null = null,
  ): Tensor => torch.rms_norm(input, normalized_shape, weight, eps),
);

/**
 * (input − mean)/√(var + eps)·weight + bias over groups of channels.
 *
 * @throws TorchError for fewer than two dimensions, ValueError for a single value per group
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html
 */
export const group_norm = pythonFunction(
  'group_norm',
  ['input', 'num_groups', 'weight', 'bias', 'eps'],
  (
    input: Tensor,
    num_groups: number,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    eps: number = 1e-5,
  ): Tensor => {
    const dims = dimOf(input);
    if (dims < 2) throw new TorchError(`Expected at least 2 dimensions for input tensor but received ${dims}`);
    const { shape } = input;
    const groups = floorDivide(shape[0]! * shape[1]!, num_groups);
    checkBatchSize([groups, num_groups, ...shape.slice(2)], listText);
    return torch.group_norm(input, num_groups, weight, bias, eps, cudnnEnabled());
  },
);
