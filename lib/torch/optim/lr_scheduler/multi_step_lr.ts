import { pythonClass, pythonMethods } from '../../call';
import { pow } from '../../python';
import { bisect_right, Counter } from './counter';
import type { AnyOptimizer } from './groups';
import { LATER, LRScheduler, type SchedulerState } from './lr_scheduler';
import { type Rate, times } from './rate';

class MultiStepLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'MultiStepLR', { get_lr: [] });
    pythonMethods(this.prototype, 'LRScheduler', { load_state_dict: ['state_dict{}'] });
  }

  /** Epochs of the decays, as a Counter: how often each was given. */
  declare milestones: Counter;
  /** Factor of a decay. Default 0.1. */
  declare gamma: number;

  constructor(optimizer: AnyOptimizer, milestones: Iterable<number>, gamma: number = 0.1, last_epoch: number = -1) {
    super(LATER);
    this.milestones = Counter.of(milestones);
    this.gamma = gamma;
    this.begin(optimizer, last_epoch);
  }

  override load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    this.restore(state_dict);
    this.milestones = Counter.of(this.milestones);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const count = this.milestones.get(this.last_epoch);
    if (count === undefined) return this.rates;
    return this.rates.map((lr) => times(lr, Number(pow(this.gamma, count))));
  }

  override _get_closed_form_lr(): Rate[] {
    const passed = bisect_right(this.milestones.sorted(), this.last_epoch);
    return this.base_lrs.map((lr) => times(lr, Number(pow(this.gamma, passed))));
  }
}

/**
 * The rate times `gamma` at each of the milestones.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html
 */
export class MultiStepLR extends pythonClass(
  'MultiStepLR',
  ['optimizer', 'milestones', 'gamma', 'last_epoch'],
  MultiStepLRScheduler,
) {}
