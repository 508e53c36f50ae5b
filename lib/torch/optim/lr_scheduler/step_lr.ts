import { pythonClass, pythonMethods } from '../../call';
import { floordiv, mod, pow } from '../../python';
import type { AnyOptimizer } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { type Rate, times } from './rate';

class StepLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'StepLR', { get_lr: [] });
  }

  /** Number of epochs between two decays. */
  declare step_size: number;
  /** Factor of a decay. Default 0.1. */
  declare gamma: number;

  constructor(optimizer: AnyOptimizer, step_size: number, gamma: number = 0.1, last_epoch: number = -1) {
    super(LATER);
    this.step_size = step_size;
    this.gamma = gamma;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    if (this.last_epoch === 0 || mod(this.last_epoch, this.step_size) !== 0) return this.rates;
    return this.rates.map((lr) => times(lr, this.gamma));
  }

  override _get_closed_form_lr(): Rate[] {
    const factor = Number(pow(this.gamma, floordiv(this.last_epoch, this.step_size)));
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}

/**
 * The rate times `gamma` every `step_size` epochs.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 */
export class StepLR extends pythonClass('StepLR', ['optimizer', 'step_size', 'gamma', 'last_epoch'], StepLRScheduler) {}
