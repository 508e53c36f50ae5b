import { pythonClass, pythonMethods } from '../../call';
import { pow } from '../../python';
import type { AnyOptimizer } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { type Rate, times } from './rate';

class ExponentialLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'ExponentialLR', { get_lr: [] });
  }

  /** Factor of a decay. */
  declare gamma: number;

  constructor(optimizer: AnyOptimizer, gamma: number, last_epoch: number = -1) {
    super(LATER);
    this.gamma = gamma;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    return this._is_initial ? this.rates : this.rates.map((lr) => times(lr, this.gamma));
  }

  override _get_closed_form_lr(): Rate[] {
    return this.base_lrs.map((lr) => times(lr, Number(pow(this.gamma, this.last_epoch))));
  }
}

/**
 * The rate times `gamma` every epoch.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export class ExponentialLR extends pythonClass(
  'ExponentialLR',
  ['optimizer', 'gamma', 'last_epoch'],
  ExponentialLRScheduler,
) {}
