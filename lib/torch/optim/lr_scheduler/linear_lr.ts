import { pythonClass, pythonMethods } from '../../call';
import { ValueError } from '../../native';
import type { AnyOptimizer } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { quotient, type Rate, times } from './rate';

class LinearLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'LinearLR', { get_lr: [] });
  }

  /** Factor of the first epoch. Default 1/3. */
  declare start_factor: number;
  /** Factor at the end. Default 1. */
  declare end_factor: number;
  /** Number of epochs until then. Default 5. */
  declare total_iters: number;

  constructor(
    optimizer: AnyOptimizer,
    start_factor: number = 1 / 3,
    end_factor: number = 1,
    total_iters: number = 5,
    last_epoch: number = -1,
  ) {
    super(LATER);
    if (start_factor > 1 || start_factor <= 0) {
      throw new ValueError('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.');
    }
    if (end_factor > 1 || end_factor < 0) {
      throw new ValueError('Ending multiplicative factor expected to be between 0 and 1.');
    }
    this.start_factor = start_factor;
    this.end_factor = end_factor;
    this.total_iters = total_iters;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { rates, last_epoch, start_factor, end_factor, total_iters } = this;
    if (last_epoch === 0) return rates.map((lr) => times(lr, start_factor));
    if (this._is_initial || last_epoch > total_iters) return rates;
    const way = end_factor - start_factor;
    return rates.map((lr) => times(lr, 1 + quotient(way, total_iters * start_factor + (last_epoch - 1) * way)));
  }

  override _get_closed_form_lr(): Rate[] {
    const { start_factor, end_factor, total_iters, last_epoch } = this;
    const epoch = last_epoch < total_iters ? last_epoch : total_iters;
    const factor = start_factor + quotient((end_factor - start_factor) * epoch, total_iters);
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}

/**
 * The rate times a factor that goes from `start_factor` to `end_factor` in a straight line.
 *
 * @throws ValueError for factors that are not in (0, 1] and [0, 1]
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 */
export class LinearLR extends pythonClass(
  'LinearLR',
  ['optimizer', 'start_factor', 'end_factor', 'total_iters', 'last_epoch'],
  LinearLRScheduler,
) {}
