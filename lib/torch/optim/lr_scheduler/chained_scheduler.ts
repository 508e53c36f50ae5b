import { pythonClass, pythonMethods } from '../../call';
import { ValueError } from '../../native';
import { ComposedScheduler, checkSchedulers } from './composed';
import { type AnyOptimizer, valuesOf } from './groups';
import { LATER, type LRScheduler } from './lr_scheduler';

class ChainedSchedulers extends ComposedScheduler {
  static {
    pythonMethods(this.prototype, 'ChainedScheduler', { step: [], state_dict: [], load_state_dict: ['state_dict{}'] });
  }

  constructor(schedulers: readonly LRScheduler[], optimizer: AnyOptimizer | null = null) {
    super(LATER);
    if (schedulers.length < 1) {
      throw new ValueError('ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.');
    }
    const common = optimizer ?? schedulers[0]!.optimizer;
    checkSchedulers('ChainedScheduler', schedulers, common);
    this._schedulers = schedulers;
    this.optimizer = common;
    this._last_lr = valuesOf(this.optimizer, 'lr');
  }

  override step(): void {
    for (const scheduler of this._schedulers) scheduler.step();
    this._last_lr = valuesOf(this.optimizer, 'lr');
  }
}

/**
 * Schedulers that all take a step, one after the other.
 *
 * @throws ValueError for schedulers of different optimizers
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html
 */
export class ChainedScheduler extends pythonClass('ChainedScheduler', ['schedulers', 'optimizer'], ChainedSchedulers) {}
