/** Losses of classes and probabilities. The formulas are in `functional/loss_*.ts`. */
import { pythonClass, pythonMethods } from '../../../call';
import { warn } from '../../../core';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import {
  binary_cross_entropy,
  binary_cross_entropy_with_logits,
  multilabel_soft_margin_loss,
  soft_margin_loss,
} from '../../functional/loss_binary';
import { cross_entropy, multi_margin_loss, multilabel_margin_loss, nll_loss } from '../../functional/loss_class';
import type { Reduction } from '../../functional/reduction';
import type { InputAndTarget } from '../../module/inputs';
import { _Loss, _WeightedLoss, type Former, REDUCTION } from './base';

/**
 * Binary cross entropy of probabilities.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 */
export class BCELoss extends _WeightedLoss {
  static {
    pythonMethods(this.prototype, 'BCELoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return binary_cross_entropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

class BCEWithLogitsLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'BCEWithLogitsLoss', { forward: ['input', 'target'] });
  }

  /** Multiplies each element's loss. */
  declare weight: Tensor | null;
  /** Multiplies the part of the loss that belongs to positive targets. */
  declare pos_weight: Tensor | null;

  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
    pos_weight: Tensor | null = null,
  ) {
    super(size_average, reduce, reduction);
    this.register_buffer('weight', weight);
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
  ['weight', ...REDUCTION, 'pos_weight'],
  BCEWithLogitsLossModule,
) {}

const CLASSES = ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction'] as const;

class NLLLossModule extends _WeightedLoss {
  static {
    pythonMethods(this.prototype, 'NLLLoss', { forward: ['input', 'target'] });
  }

  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    /** Target that does not count. Default −100. */
    public ignore_index: number = -100,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(weight, size_average, reduce, reduction);
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction } = this;
    return nll_loss(input, target, { weight, ignore_index, reduction });
  }
}

/**
 * −x of the class that is the target, of log-probabilities x over classes.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 */
export class NLLLoss extends pythonClass('NLLLoss', CLASSES, NLLLossModule) {}

class NLLLoss2dModule extends NLLLoss {
  constructor(
    weight: Tensor | null = null,
    size_average: Former = null,
    ignore_index: number = -100,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    warn(
      '`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement and see https://pytorch.org/docs/main/nn.html#torch.nn.NLLLoss for more details.',
    );
    super(weight, size_average, ignore_index, reduce, reduction);
  }
}

/** A former name of `NLLLoss`; warns. */
export class NLLLoss2d extends pythonClass('NLLLoss2d', CLASSES, NLLLoss2dModule) {}

class CrossEntropyLossModule extends _WeightedLoss {
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
  [...CLASSES, 'label_smoothing'],
  CrossEntropyLossModule,
) {}

/**
 * log(1 + e^(−t·x)) of targets t that are 1 or −1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html
 */
export class SoftMarginLoss extends _Loss {
  static {
    pythonMethods(this.prototype, 'SoftMarginLoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return soft_margin_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * max(0, 1 − (x of a class that is a target − x of one that is none)), summed over both and divided by their number. Targets are
 * classes, up to the first −1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html
 */
export class MultiLabelMarginLoss extends _Loss {
  static {
    pythonMethods(this.prototype, 'MultiLabelMarginLoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return multilabel_margin_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * −(t·log σ(x) + (1 − t)·log σ(−x)), the mean over classes.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html
 */
export class MultiLabelSoftMarginLoss extends _WeightedLoss {
  static {
    pythonMethods(this.prototype, 'MultiLabelSoftMarginLoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return multilabel_soft_margin_loss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

class MultiMarginLossModule extends _WeightedLoss {
  static {
    pythonMethods(this.prototype, 'MultiMarginLoss', { forward: ['input', 'target'] });
  }

  constructor(
    /** Power, 1 or 2. Default 1. */
    public p: number = 1,
    /** Distance that is wanted. Default 1. */
    public margin: number = 1,
    weight: Tensor | null = null,
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(weight, size_average, reduce, reduction);
    if (Number(p) !== 1 && Number(p) !== 2) throw new ValueError('only p == 1 and p == 2 supported');
    if (weight !== null && weight.dim() !== 1) {
      throw new ValueError(`MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.dim()}D instead`);
    }
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return multi_margin_loss(input, target, { p, margin, weight, reduction });
  }
}

/**
 * max(0, margin − x of the target + x of another class)ᵖ, summed over the others and divided by the number of classes.
 * @throws ValueError for another p
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html
 */
export class MultiMarginLoss extends pythonClass(
  'MultiMarginLoss',
  ['p', 'margin', 'weight', ...REDUCTION],
  MultiMarginLossModule,
) {}
