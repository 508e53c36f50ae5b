import { pythonClass, pythonMethods } from '../../call';
import { ValueError } from '../../native';
import type { AnyOptimizer } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { inverse, type Rate, times } from './rate';

class ConstantLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'ConstantLR', { get_lr: [] });
  }

  /** Factor until the milestone. Default 1/3. */
  declare factor: number;
  /** Number of epochs with the factor. Default 5. */
  declare total_iters: number;

  constructor(optimizer: AnyOptimizer, factor: number = 1 / 3, total_iters: number = 5, last_epoch: number = -1) {
    super(LATER);
    if (factor > 1 || factor < 0) {
      throw new ValueError('Constant multiplicative factor expected to be between 0 and 1.');
    }
    this.factor = factor;
    this.total_iters = total_iters;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { rates, last_epoch, factor } = this;
    if (last_epoch === 0) return rates.map((lr) => times(lr, factor));
    if (last_epoch !== this.total_iters) return rates;
    return rates.map((lr) => times(lr, inverse(factor)));
  }

  override _get_closed_form_lr(): Rate[] {
    const over = this.last_epoch >= this.total_iters ? 1 : 0;
    return this.base_lrs.map((lr) => times(lr, this.factor + over * (1 - this.factor)));
  }
}

/**
 * The rate times `factor` for the first `total_iters` epochs.
 *
 * @throws ValueError for a factor that is not in [0, 1]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html
 */
export class ConstantLR extends pythonClass(
  'ConstantLR',
  ['optimizer', 'factor', 'total_iters', 'last_epoch'],
  ConstantLRScheduler,
) {}
