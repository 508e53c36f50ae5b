import { pythonClass, pythonMethods } from '../../call';
import type { AnyOptimizer } from './groups';
import { zipped } from './groups';
import { type LrLambda, LambdaScheduler } from './lambdas';
import { type Rate, times } from './rate';

class LambdaLRScheduler extends LambdaScheduler {
  static {
    pythonMethods(this.prototype, 'LambdaLR', { get_lr: [], state_dict: [], load_state_dict: ['state_dict{}'] });
  }

  constructor(optimizer: AnyOptimizer, lr_lambda: LrLambda | readonly LrLambda[], last_epoch: number = -1) {
    super(optimizer, lr_lambda, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    return zipped(this.lr_lambdas, this.base_lrs, (lambda, lr) => times(lr, lambda(this.last_epoch)));
  }
}

/**
 * The first rate times a function of the epoch's number; one function for all groups, or one for each.
 *
 * A state does not hold the functions, but the properties that were given to them.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 */
export class LambdaLR extends pythonClass('LambdaLR', ['optimizer', 'lr_lambda', 'last_epoch'], LambdaLRScheduler) {}
