import { pythonClass, pythonMethods } from '../../call';
import { ValueError } from '../../native';
import { ComposedScheduler, checkSchedulers } from './composed';
import { bisect_right } from './counter';
import { type AnyOptimizer, groupsOf, setOption, optionOf } from './groups';
import { LATER, type LRScheduler } from './lr_scheduler';

class SequentialLRScheduler extends ComposedScheduler {
  static {
    pythonMethods(this.prototype, 'SequentialLR', {
      step: [],
      recursive_undo: ['sched'],
      state_dict: [],
      load_state_dict: ['state_dict{}'],
    });
  }

  declare _milestones: readonly number[];

  constructor(
    optimizer: AnyOptimizer,
    schedulers: readonly LRScheduler[],
    milestones: readonly number[],
    last_epoch: number = -1,
  ) {
    super(LATER);
    if (schedulers.length < 1) {
      throw new ValueError('SequentialLR expects at least one scheduler, but got no scheduler.');
    }
    checkSchedulers('SequentialLR', schedulers, optimizer);
    if (milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        `Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    }
    this._schedulers = schedulers;
    this._milestones = milestones;
    this.last_epoch = last_epoch + 1;
    this.optimizer = optimizer;
    for (const group of groupsOf(optimizer)) setOption(group, 'lr', optionOf(group, 'initial_lr'));
    this.recursive_undo();
    const first = schedulers[bisect_right(milestones, 0)]!;
    first._initial_step();
    this._last_lr = first.get_last_lr();
  }

  /** Takes back the step that each scheduler took when it was made. */
  recursive_undo(sched: LRScheduler | null = null): void {
    const scheduler = sched ?? this;
    const { _schedulers } = scheduler as Partial<ComposedScheduler>;
    if (_schedulers !== undefined) for (const each of _schedulers) this.recursive_undo(each);
    else if (scheduler.last_epoch !== undefined) scheduler.last_epoch -= 1;
  }

  override step(): void {
    this.last_epoch += 1;
    const index = bisect_right(this._milestones, this.last_epoch);
    const scheduler = this._schedulers[index]!;
    if (index > 0 && this._milestones[index - 1] === this.last_epoch) scheduler._update_lr(0);
    else scheduler.step();
    this._last_lr = scheduler.get_last_lr();
  }
}

/**
 * Schedulers that follow each other at the milestones.
 *
 * @throws ValueError for schedulers of different optimizers, or another number of milestones than one less
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html
 */
export class SequentialLR extends pythonClass(
  'SequentialLR',
  ['optimizer', 'schedulers', 'milestones', 'last_epoch'],
  SequentialLRScheduler,
) {}
