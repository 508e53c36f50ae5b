import { is_grad_enabled } from '../../../autograd';
import { TorchError } from '../../../native';
import { linear } from '../../../generated/nn_functional';
import { asFloat, int64, numelOf, sameShape, valueText, warn } from '../../../core';
import { pythonFunction } from '../../../call';
import type { Tensor } from '../../../memory';
import { ReducedLoss, UnreducedLoss } from './functions';
import { LinearCrossEntropyOptions, type LinearCrossEntropySettings } from './options';
import { cross_entropy } from '../loss_class';
import type { Reduction } from '../reduction';
import { dimOf, sizeOf } from '../shapes';

/**
 * The shape of input·Wᵀ.
 *
 * @throws TorchError where input, weight and bias do not fit
 */
function logitsShape(input: Tensor, linear_weight: Tensor, linear_bias: Tensor | null): number[] {
  if (dimOf(input) < 1 || input.ndim > 2) {
    throw new TorchError(`expected input with dimensionality 1 or 2, got ${input.ndim}`);
  }
  if (dimOf(linear_weight) < 2) {
    throw new TorchError(`expected linear_weight with dimensionality at least 2, got ${linear_weight.ndim}`);
  }
  const [shape, weightShape] = [input.shape, linear_weight.shape];
  const [in_features, expected] = [shape.at(-1), weightShape.at(-1)];
  if (in_features !== expected) {
    throw new TorchError(
      'expected equal input and linear_weight last dimensions (in_features), ' +
        `got ${in_features} and ${expected}, respectively`,
    );
  }
  const classes = weightShape.slice(0, -1);
  if (linear_bias !== null && !sameShape(sizeOf(linear_bias), classes)) {
    throw new TorchError(`expected linear_bias shape ${valueText(classes)}, got ${valueText(linear_bias.shape)}`);
  }
  if (classes.length > 1 && shape.length === 1) {
    throw new TorchError(
      `K-dimensional loss defined by linear_weight shape ${valueText(weightShape)} requires batched input, ` +
        `(N, ${in_features}), got unbatched input with shape ${valueText(shape)}`,
    );
  }
  return [...shape.slice(0, -1), ...classes];
}

/**
 * `cross_entropy(linear(input, linear_weight, linear_bias), target, …)`: input (in_features) or (N, in_features),
 * linear_weight (C, in_features), or (C, d1, …, in_features) for a loss of several dimensions.
 *
 * With `options` the batch is worked through in chunks, so that the logits are never in memory as a whole; that
 * supports first derivatives only, and class numbers without label smoothing (else it warns and computes it whole).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear_cross_entropy.html
 */
export const linear_cross_entropy = pythonFunction(
  'linear_cross_entropy',
  [
    'input',
    'linear_weight',
    'target',
    '*',
    'linear_bias',
    'weight',
    'reduction',
    'ignore_index',
    'label_smoothing',
    'options',
  ],
  (
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    linear_bias: Tensor | null = null,
    weight: Tensor | null = null,
    reduction: Reduction = 'mean',
    ignore_index: number | null = null,
    label_smoothing: number = 0,
    options: LinearCrossEntropyOptions | LinearCrossEntropySettings | null = null,
  ): Tensor => {
    const shape = logitsShape(input, linear_weight, linear_bias);
    if (sameShape(sizeOf(target), shape) && ignore_index !== null) {
      throw new TorchError('ignore_index cannot be specified when target contains probabilities');
    }
    const ignored = ignore_index ?? -100;
    const out_features = linear_weight.shape.slice(1, -1);
    if (options !== null) {
      const fits =
        out_features.length === 0 &&
        ['mean', 'sum', 'none'].includes(reduction) &&
        Number(label_smoothing) === 0 &&
        target.dtype === int64;
      const chosen = options instanceof LinearCrossEntropyOptions ? options : new LinearCrossEntropyOptions(options);
      if (fits) return chunked(input, linear_weight, target, linear_bias, weight, reduction, ignored, chosen);
      warn(
        'linear_cross_entropy: ``options`` ignored; chunked path needs ' +
          "reduction in {'mean','sum','none'}, label_smoothing == 0, target.dtype == int64, out_features == (). " +
          `Got reduction='${reduction}', label_smoothing=${valueText(asFloat(Number(label_smoothing)))}, ` +
          `target.dtype=${target.dtype}, out_features=${valueText(out_features)}, tracing=False, ` +
          `linear_bias.shape=${valueText(linear_bias?.shape ?? null)}.`,
      );
    }
    const rows = numelOf(linear_weight.shape.slice(0, -1));
    const isFlat = out_features.length === 0;
    const flatWeight = isFlat ? linear_weight : linear_weight.reshape([rows, linear_weight.size(-1)]);
    const flatBias = isFlat || linear_bias === null ? linear_bias : linear_bias.reshape([rows]);
    const logits = linear(input, flatWeight, flatBias).reshape(shape);
    return cross_entropy(logits, target, { weight, reduction, ignore_index: ignored, label_smoothing });
  },
);

function chunked(
  input: Tensor,
  linear_weight: Tensor,
  target: Tensor,
  linear_bias: Tensor | null,
  weight: Tensor | null,
  reduction: Reduction,
  ignore_index: number,
  settings: LinearCrossEntropyOptions,
): Tensor {
  const batched = input.ndim === 2;
  const rows = batched ? input : input.unsqueeze(0);
  const targets = batched ? target : target.unsqueeze(0);
  const [num_batches, in_features] = rows.shape as [number, number];
  const num_classes = linear_weight.shape[0]!;
  const { dtype, device } = input;
  const options = settings.resolve({ num_batches, in_features, num_classes, dtype, device });
  const recorded = is_grad_enabled();
  const wanted = {
    input: recorded && rows.requires_grad,
    weight: recorded && linear_weight.requires_grad,
    bias: recorded && (linear_bias?.requires_grad ?? false),
  };
  const rest = { reduction, ignore_index, options, wanted };
  const loss = reduction === 'none' ? UnreducedLoss : ReducedLoss;
  const result = loss.apply(rows, linear_weight, targets, linear_bias, weight, rest);
  return batched ? result : result.squeeze(0);
}
