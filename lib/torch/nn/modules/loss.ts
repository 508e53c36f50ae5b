/** Losses as modules: `loss(input, target)`. The formulas are in `functional/loss_*.ts`. */
import { pythonClass, pythonMethods } from '../../call';
import type { Tensor } from '../../memory';
import { binary_cross_entropy, binary_cross_entropy_with_logits } from '../functional/loss_binary';
import { cross_entropy } from '../functional/loss_class';
import { l1_loss, mse_loss } from '../functional/loss_regression';
import { chosenReduction, type Reduction } from '../functional/reduction';
import type { InputAndTarget } from '../module/inputs';
import { Module } from '../module/module';

/** A former way of choosing the reduction. */
type Former = boolean | null;

class LossModule extends Module {
  constructor(
    size_average: Former = null,
    reduce: Former = null,
    /** `'mean'` of the elements' losses (the default), their `'sum'`, or all of them: `'none'`. */
    public reduction: Reduction = 'mean',
  ) {
    super();
    this.reduction = chosenReduction(size_average, reduce, reduction);
    if (new.target === Loss) throw new TypeError('Loss is the base of the losses: make one of those, such as MSELoss');
  }
}

/** The base of the losses. */
export class Loss extends pythonClass('_Loss', ['size_average', 'reduce', 'reduction'], LossModule) {}

class WeightedLossModule extends Loss {
  /** Multiplies each element's loss, or that of each class. */
  declare weight: Tensor | null;

  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
    this.register_buffer('weight', weight);
  }
}

/** The base of the losses whose elements can be weighted. */
class WeightedLoss extends pythonClass(
  '_WeightedLoss',
  ['weight', 'size_average', 'reduce', 'reduction'],
  WeightedLossModule,
) {}

/**
 * |x − t|.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 */
export class L1Loss extends Loss {
  static {
    pythonMethods(this.prototype, 'L1Loss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return l1_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * (x − t)².
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 */
export class MSELoss extends Loss {
  static {
    pythonMethods(this.prototype, 'MSELoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return mse_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * Binary cross entropy of probabilities.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 */
export class BCELoss extends WeightedLoss {
  static {
    pythonMethods(this.prototype, 'BCELoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return binary_cross_entropy(input, target, { weight, reduction });
  }
}

class LogitLoss extends WeightedLossModule {
  static {
    pythonMethods(this.prototype, 'BCEWithLogitsLoss', { forward: ['input', 'target'] });
  }

  /** Multiplies the part of the loss that belongs to positive targets. */
  declare pos_weight: Tensor | null;

  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
    pos_weight: Tensor | null = null,
  ) {
    super(weight, size_average, reduce, reduction);
    this.register_buffer('pos_weight', pos_weight);
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, pos_weight, reduction } = this;
    return binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction });
  }
}

/**
 * Binary cross entropy of logits.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export class BCEWithLogitsLoss extends pythonClass(
  'BCEWithLogitsLoss',
  ['weight', 'size_average', 'reduce', 'reduction', 'pos_weight'],
  LogitLoss,
) {}

class ClassLoss extends WeightedLossModule {
  static {
    pythonMethods(this.prototype, 'CrossEntropyLoss', { forward: ['input', 'target'] });
  }

  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    /** Target that does not count. Default −100. */
    public ignore_index: number = -100,
    reduce: Former = null,
    reduction: Reduction = 'mean',
    /** Share of the target given evenly to all classes. Default 0. */
    public label_smoothing: number = 0,
  ) {
    super(weight, size_average, reduce, reduction);
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, label_smoothing, reduction } = this;
    return cross_entropy(input, target, { weight, ignore_index, label_smoothing, reduction });
  }
}

/**
 * Cross entropy of logits over classes.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export class CrossEntropyLoss extends pythonClass(
  'CrossEntropyLoss',
  ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing'],
  ClassLoss,
) {}
