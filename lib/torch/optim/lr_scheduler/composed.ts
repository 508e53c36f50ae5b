/** What SequentialLR and ChainedScheduler share: schedulers of one optimizer. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import type { AnyOptimizer } from './groups';
import { LRScheduler, type SchedulerState } from './lr_scheduler';
import { ReduceLROnPlateau } from './reduce_lr_on_plateau';

/** Throws where the schedulers cannot be composed. */
export function checkSchedulers(name: string, schedulers: readonly LRScheduler[], optimizer: AnyOptimizer): void {
  schedulers.forEach((scheduler, i) => {
    if (!(scheduler instanceof LRScheduler)) {
      throw new TypeError(`${name} at index ${i} should have \`optimizer\` as its attribute.`);
    }
    if (scheduler instanceof ReduceLROnPlateau) {
      throw new ValueError(
        `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
      );
    }
    if (scheduler.optimizer !== optimizer) {
      throw new ValueError(
        `${name} expects all schedulers to belong to the same optimizer, but got scheduler ${scheduler.constructor.name} at index ${i} has ${scheduler.optimizer}, which is different from ${typeName(optimizer)}.`,
      );
    }
  });
}

/** The base of schedulers that are made of others. */
export abstract class ComposedScheduler extends LRScheduler {
  declare _schedulers: readonly LRScheduler[];

  override state_dict(): SchedulerState {
    return {
      ...this.stateWithout('_schedulers'),
      _schedulers: this._schedulers.map((scheduler) => scheduler.state_dict()),
    };
  }

  override load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    const states = this.restore(state_dict, '_schedulers').get('_schedulers') as SchedulerState[];
    for (const [i, state] of states.entries()) this._schedulers[i]!.load_state_dict(state);
  }
}
