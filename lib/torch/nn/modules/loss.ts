/** Losses as modules: `loss.forward(input, target)`. The formulas are in `functional/loss_*.ts`. */
import type { Tensor } from '../../memory/tensor';
import { readArguments } from '../module/arguments';
import { binary_cross_entropy, binary_cross_entropy_with_logits } from '../functional/loss_binary';
import { cross_entropy } from '../functional/loss_class';
import { l1_loss, mse_loss } from '../functional/loss_regression';
import { chosenReduction, type Reduction } from '../functional/reduction';
import { Module } from '../module/module';

/** Options of every loss. */
export interface LossOptions {
  /** Default 'mean'. */
  reduction?: Reduction;
  /** A former way of choosing the reduction. */
  size_average?: boolean | null;
  /** A former way of choosing the reduction. */
  reduce?: boolean | null;
}

/** Options of the losses whose elements can be weighted. */
export interface WeightedLossOptions extends LossOptions {
  /** Multiplies each element's loss. */
  weight?: Tensor | null;
}

/** Options of `BCEWithLogitsLoss`. */
export interface LogitLossOptions extends WeightedLossOptions {
  /** Multiplies the part of the loss that belongs to positive targets. */
  pos_weight?: Tensor | null;
}

/** Options of `CrossEntropyLoss`. */
export interface CrossEntropyOptions extends WeightedLossOptions {
  /** Target that does not count. Default −100. */
  ignore_index?: number;
  /** Share of the target given evenly to all classes. Default 0. */
  label_smoothing?: number;
}

const plain: Required<LossOptions> = { size_average: null, reduce: null, reduction: 'mean' };
const weighted: Required<WeightedLossOptions> = { weight: null, ...plain };

/** The base of the losses. */
export abstract class Loss extends Module {
  reduction: Reduction;

  constructor(options: Required<LossOptions>) {
    super();
    if (new.target === Loss) throw new TypeError('Loss is the base of the losses: make one of those, such as MSELoss');
    this.reduction = chosenReduction(options.size_average, options.reduce, options.reduction);
  }
}

/** |x − t|. See https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html */
export class L1Loss extends Loss {
  constructor(options: LossOptions = {}, ...surplus: []) {
    super(readArguments('L1Loss.__init__', plain, [options, ...surplus]));
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return l1_loss(input, target, { reduction: this.reduction });
  }
}

/** (x − t)². See https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html */
export class MSELoss extends Loss {
  constructor(options: LossOptions = {}, ...surplus: []) {
    super(readArguments('MSELoss.__init__', plain, [options, ...surplus]));
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return mse_loss(input, target, { reduction: this.reduction });
  }
}

/** Binary cross entropy of probabilities. See https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html */
export class BCELoss extends Loss {
  declare weight: Tensor | null;

  constructor(options: WeightedLossOptions = {}, ...surplus: []) {
    const given = readArguments('BCELoss.__init__', weighted, [options, ...surplus]);
    super(given);
    this.register_buffer('weight', given.weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return binary_cross_entropy(input, target, { weight, reduction });
  }
}

/** Binary cross entropy of logits. See https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html */
export class BCEWithLogitsLoss extends Loss {
  declare weight: Tensor | null;
  declare pos_weight: Tensor | null;

  constructor(options: LogitLossOptions = {}, ...surplus: []) {
    const defaults: Required<LogitLossOptions> = { ...weighted, pos_weight: null };
    const given = readArguments('BCEWithLogitsLoss.__init__', defaults, [options, ...surplus]);
    super(given);
    this.register_buffer('weight', given.weight);
    this.register_buffer('pos_weight', given.pos_weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, pos_weight, reduction } = this;
    return binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction });
  }
}

/** Cross entropy of logits over classes. See https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html */
export class CrossEntropyLoss extends Loss {
  declare weight: Tensor | null;
  ignore_index: number;
  label_smoothing: number;

  constructor(options: CrossEntropyOptions = {}, ...surplus: []) {
    const defaults: Required<CrossEntropyOptions> = {
      ...weighted,
      ignore_index: -100,
      label_smoothing: 0,
    };
    const given = readArguments('CrossEntropyLoss.__init__', defaults, [options, ...surplus]);
    super(given);
    this.register_buffer('weight', given.weight);
    this.ignore_index = given.ignore_index;
    this.label_smoothing = given.label_smoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, label_smoothing, reduction } = this;
    return cross_entropy(input, target, { weight, ignore_index, label_smoothing, reduction });
  }
}
