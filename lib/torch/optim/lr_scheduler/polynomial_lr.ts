import { pythonClass, pythonMethods } from '../../call';
import { pow } from '../../python';
import type { AnyOptimizer } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { quotient, type Rate, times } from './rate';

class PolynomialLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'PolynomialLR', { get_lr: [] });
  }

  /** Number of epochs until the rate is 0. Default 5. */
  declare total_iters: number;
  /** Degree of the polynomial. Default 1. */
  declare power: number;

  constructor(optimizer: AnyOptimizer, total_iters: number = 5, power: number = 1, last_epoch: number = -1) {
    super(LATER);
    this.total_iters = total_iters;
    this.power = power;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { last_epoch, total_iters } = this;
    if (this._is_initial || last_epoch > total_iters) return this.rates;
    const left = (epoch: number) => 1 - quotient(epoch, total_iters);
    const factor = Number(pow(quotient(left(last_epoch), left(last_epoch - 1)), this.power));
    return this.rates.map((lr) => times(lr, factor));
  }

  override _get_closed_form_lr(): Rate[] {
    const { last_epoch, total_iters } = this;
    const epoch = last_epoch < total_iters ? last_epoch : total_iters;
    const factor = Number(pow(1 - quotient(epoch, total_iters), this.power));
    return this.base_lrs.map((lr) => times(lr, factor));
  }
}

/**
 * The rate times (1 − epoch/total_iters)^power.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html
 */
export class PolynomialLR extends pythonClass(
  'PolynomialLR',
  ['optimizer', 'total_iters', 'power', 'last_epoch'],
  PolynomialLRScheduler,
) {}
