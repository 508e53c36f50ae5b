import { pythonClass, pythonMethods } from '../../call';
import { math, mod } from '../../python';
import { type AnyOptimizer, zipped } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { minus, over, plus, quotient, type Rate, times } from './rate';

class CosineAnnealingLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'CosineAnnealingLR', { get_lr: [] });
  }

  /** Number of epochs until the lowest rate. */
  declare T_max: number;
  /** The lowest rate. Default 0. */
  declare eta_min: number;

  constructor(optimizer: AnyOptimizer, T_max: number, eta_min: number = 0, last_epoch: number = -1) {
    super(LATER);
    this.T_max = T_max;
    this.eta_min = eta_min;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { rates, last_epoch, T_max, eta_min } = this;
    if (this._is_initial) return rates;
    if (this._step_count === 1 && last_epoch > 0) return this.at(quotient(last_epoch * math.pi, T_max));
    if (mod(last_epoch - 1 - T_max, 2 * T_max) === 0) {
      const share = 1 - math.cos(quotient(math.pi, T_max));
      return zipped(this.base_lrs, rates, (base, lr) => plus(lr, over(times(minus(base, eta_min), share), 2)));
    }
    const height = (epoch: number) => 1 + math.cos(quotient(math.pi * epoch, T_max));
    const factor = quotient(height(last_epoch), height(last_epoch - 1));
    return rates.map((lr) => plus(times(factor, minus(lr, eta_min)), eta_min));
  }

  override _get_closed_form_lr(): Rate[] {
    return this.at(quotient(math.pi * this.last_epoch, this.T_max));
  }

  private at(angle: number): Rate[] {
    const { eta_min } = this;
    const share = 1 + math.cos(angle);
    return this.base_lrs.map((base) => plus(eta_min, over(times(minus(base, eta_min), share), 2)));
  }
}

/**
 * eta_min + (lr − eta_min)·(1 + cos(π·epoch/T_max))/2, computed from the rate before. Loshchilov & Hutter (2016), without restarts.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends pythonClass(
  'CosineAnnealingLR',
  ['optimizer', 'T_max', 'eta_min', 'last_epoch'],
  CosineAnnealingLRScheduler,
) {}
