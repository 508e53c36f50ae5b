import { pythonClass, pythonMethods } from '../../call';
import { type AnyOptimizer, groupsOf, optionOf, zipped } from './groups';
import { type LrLambda, LambdaScheduler } from './lambdas';
import { type Rate, times } from './rate';

class MultiplicativeLRScheduler extends LambdaScheduler {
  static {
    pythonMethods(this.prototype, 'MultiplicativeLR', {
      get_lr: [],
      state_dict: [],
      load_state_dict: ['state_dict{}'],
    });
  }

  constructor(optimizer: AnyOptimizer, lr_lambda: LrLambda | readonly LrLambda[], last_epoch: number = -1) {
    super(optimizer, lr_lambda, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    if (this._is_initial) return this.rates;
    const { last_epoch } = this;
    return zipped(this.lr_lambdas, groupsOf(this.optimizer), (lambda, group) =>
      times(optionOf(group, 'lr'), lambda(last_epoch)),
    );
  }
}

/**
 * The rate times a function of the epoch's number, each epoch.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html
 */
export class MultiplicativeLR extends pythonClass(
  'MultiplicativeLR',
  ['optimizer', 'lr_lambda', 'last_epoch'],
  MultiplicativeLRScheduler,
) {}
