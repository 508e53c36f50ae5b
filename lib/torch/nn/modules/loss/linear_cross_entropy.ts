import { pythonClass, pythonMethods } from '../../../call';
import { asFloat, type Float, numelOf, sameShape, tupleText, valueText } from '../../../core';
import type { Tensor } from '../../../memory';
import { TorchError } from '../../../native';
import { linear_cross_entropy } from '../../functional/linear_cross_entropy';
import type { LinearCrossEntropyOptions } from '../../functional/linear_cross_entropy/options';
import type { Reduction } from '../../functional/reduction';
import { FACTORY, type Factory } from '../../module/factory';
import type { InputAndTarget } from '../../module/inputs';
import { Linear } from '../linear';
import { _WeightedLoss } from './base';

class LinearCrossEntropyLossModule extends _WeightedLoss {
  static {
    pythonMethods(this.prototype, 'LinearCrossEntropyLoss', { forward: ['input', 'target'], extra_repr: [] });
  }

  /** The layer that makes the logits. */
  linear: Linear;
  /** Share of the target given evenly to all classes. Default 0. */
  label_smoothing: number;
  /** The same as it was given: Python shows its 0 and 0.0 apart. */
  private readonly smoothing: number | Float;
  /** Way to compute without all logits in memory; null computes them. Default null. */
  options: LinearCrossEntropyOptions | null;

  constructor(
    in_features: number,
    /** Number of classes. */
    readonly num_classes: number,
    /** Further dimensions of the logits. Default none. */
    readonly out_features: readonly number[] = [],
    bias: boolean = false,
    device: Factory[0] = null,
    dtype: Factory[1] = null,
    reduction: Reduction = 'mean',
    weight: Tensor | null = null,
    /** Target that does not count; null is −100. Default null. */
    public ignore_index: number | null = null,
    label_smoothing: number | Float = asFloat(0),
    options: LinearCrossEntropyOptions | null = null,
  ) {
    if (weight !== null && !sameShape(weight.shape, [num_classes])) {
      throw new TorchError(`expected weight shape to be ${tupleText([num_classes])}, got ${tupleText(weight.shape)}`);
    }
    if (Number(label_smoothing) < 0 || Number(label_smoothing) > 1) {
      throw new TorchError(`expected label_smoothing to be in range [0, 1], got ${valueText(label_smoothing)}`);
    }
    super(weight, null, null, reduction);
    this.linear = new Linear(in_features, num_classes * numelOf(out_features), bias, device, dtype);
    this.label_smoothing = Number(label_smoothing);
    this.smoothing = label_smoothing;
    this.options = options;
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { linear, weight, reduction, ignore_index, label_smoothing, options } = this;
    const outputs = [this.num_classes, ...this.out_features];
    const linear_bias = linear.bias === null ? null : linear.bias.reshape(outputs);
    const linear_weight = linear.weight.reshape([...outputs, linear.in_features]);
    return linear_cross_entropy(input, linear_weight, target, {
      linear_bias,
      weight,
      reduction,
      ignore_index,
      label_smoothing,
      options,
    });
  }

  override extra_repr(): string {
    const { linear, num_classes, out_features, reduction, ignore_index, options } = this;
    const label_smoothing = this.label_smoothing === Number(this.smoothing) ? this.smoothing : this.label_smoothing;
    return [
      `in_features=${linear.in_features}, num_classes=${num_classes}, out_features=${valueText(out_features)}`,
      `bias=${valueText(linear.bias !== null)}, reduction=${reduction}, ignore_index=${valueText(ignore_index)}`,
      `label_smoothing=${valueText(label_smoothing)}, options=${valueText(options)}`,
    ].join(', ');
  }
}

/**
 * Cross entropy of the logits that a linear layer makes of the input, without all of them in memory where `options` says how.
 * @throws TorchError for a weight of another shape, and label_smoothing outside [0, 1]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LinearCrossEntropyLoss.html
 */
export class LinearCrossEntropyLoss extends pythonClass(
  'LinearCrossEntropyLoss',
  [
    'in_features',
    'num_classes',
    '*',
    'out_features',
    'bias',
    ...FACTORY,
    'reduction',
    'weight',
    'ignore_index',
    'label_smoothing',
    'options',
  ],
  LinearCrossEntropyLossModule,
) {}
