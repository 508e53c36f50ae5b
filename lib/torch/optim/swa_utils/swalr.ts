import { pythonClass, pythonMethods } from '../../call';
import { valueText } from '../../core';
import { ValueError } from '../../native';
import { math } from '../../python';
import { type AnyOptimizer, groupsOf, optionOf, type PerGroup, perGroup, zip } from '../lr_scheduler/groups';
import { LATER, LRScheduler, type SchedulerState } from '../lr_scheduler/lr_scheduler';
import { minus, over, plus, type Rate, times } from '../lr_scheduler/rate';

type Strategy = 'cos' | 'linear';

/** A share of the way, from 0 to 1. */
function shareOf(step: number, epochs: number): number {
  const share = (epochs < 1 ? step : step / epochs) as number;
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

class SWALRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'SWALR', { get_lr: [], state_dict: [], load_state_dict: ['state_dict{}'] });
  }

  declare _anneal_strategy: Strategy;
  /** Number of steps until the rate is `swa_lr`. Default 10. */
  declare anneal_epochs: number;

  constructor(
    optimizer: AnyOptimizer,
    swa_lr: PerGroup<Rate>,
    anneal_epochs: number = 10,
    anneal_strategy: Strategy = 'cos',
    last_epoch: number = -1,
  ) {
    super(LATER);
    const rates = perGroup('swa_lr', optimizer, swa_lr);
    for (const [rate, group] of zip(rates, groupsOf(optimizer))) group.swa_lr = rate;
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new ValueError(
        `anneal_strategy must be one of 'cos' or 'linear', instead got ${anneal_strategy as string}`,
      );
    }
    this._anneal_strategy = anneal_strategy;
    if (!Number.isInteger(anneal_epochs) || anneal_epochs < 0) {
      throw new ValueError(`anneal_epochs must be equal or greater than 0, got ${valueText(anneal_epochs)}`);
    }
    this.anneal_epochs = anneal_epochs;
    this.begin(optimizer, last_epoch);
  }

  override state_dict(): SchedulerState {
    return this.stateWithout();
  }

  override load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    this.restore(state_dict);
  }

  private anneal(share: number): number {
    return this._anneal_strategy === 'linear' ? share : (1 - math.cos(math.pi * share)) / 2;
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { anneal_epochs, _step_count } = this;
    const step = anneal_epochs === 0 && _step_count < 2 ? 1 : _step_count - 1;
    const before = this.anneal(shareOf(step - 1, anneal_epochs));
    const alpha = this.anneal(shareOf(step, anneal_epochs));
    return groupsOf(this.optimizer).map((group) => {
      const [lr, swa_lr] = [optionOf(group, 'lr'), optionOf(group, 'swa_lr')];
      const initial = before === 1 ? swa_lr : over(minus(lr, times(before, swa_lr)), 1 - before);
      return plus(times(swa_lr, alpha), times(initial, 1 - alpha));
    });
  }
}

/**
 * The rate going to `swa_lr` and staying there.
 *
 * @throws ValueError for an unknown strategy, or a number of epochs that is no whole one
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.SWALR.html
 */
export class SWALR extends pythonClass(
  'SWALR',
  ['optimizer', 'swa_lr', 'anneal_epochs', 'anneal_strategy', 'last_epoch'],
  SWALRScheduler,
) {}
