import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { ctc_loss } from '../../functional/loss_class';
import type { Reduction } from '../../functional/reduction';
import { _Loss } from './base';

/** Lengths of the sequences of a batch. */
type Lengths = Tensor | readonly number[];

/** Arguments of `CTCLoss.forward`. */
type Sequences = Arguments<
  ['log_probs', 'targets', 'input_lengths', 'target_lengths'],
  [log_probs: Tensor, targets: Tensor, input_lengths: Lengths, target_lengths: Lengths]
>;

class CTCLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'CTCLoss', { forward: ['log_probs', 'targets', 'input_lengths', 'target_lengths'] });
  }

  constructor(
    /** Class that stands for nothing. Default 0. */
    public blank: number = 0,
    reduction: Reduction = 'mean',
    /** Whether infinite losses, and their gradients, become zero. Default false. */
    public zero_infinity: boolean = false,
  ) {
    super({ reduction });
  }

  override forward(...args: Sequences): Tensor;
  override forward(log_probs: Tensor, targets: Tensor, input_lengths: Lengths, target_lengths: Lengths): Tensor {
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, this.blank, this.reduction, this.zero_infinity);
  }
}

/**
 * Minus the log-probability of all ways to align the targets with a longer sequence. See Graves et al. (2006), Connectionist
 * temporal classification.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html
 */
export class CTCLoss extends pythonClass('CTCLoss', ['blank', 'reduction', 'zero_infinity'], CTCLossModule) {}
