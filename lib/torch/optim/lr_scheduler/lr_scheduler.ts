import { type Arguments, bind, pythonMethods, signature } from '../../call';
import { entriesOf, ownOf, typeName, warn } from '../../core';
import { keepAll } from '../../memory';
import { KeyError, NotImplementedError } from '../../native';
import { type AnyOptimizer, checkOptimizer, groupsOf, setOption, optionOf, valuesOf, zip } from './groups';
import { copied, type Rate } from './rate';

/** State of a scheduler: its attributes but the optimizer, by Python's names. */
export type SchedulerState = Record<string, unknown>;

/** In place of arguments: the scheduler begins when its class calls `begin`. */
export const LATER: unique symbol = Symbol('later');

export const EPOCH_DEPRECATION_WARNING =
  'The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from None, the closed form is used instead of the new chainable form, where available. Please open an issue if you are unable to replicate your use case: https://github.com/pytorch/pytorch/issues/new/choose.';

const SEE = 'See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate';

/** What schedulers note on an optimizer. */
interface Tracked {
  step: { (...args: unknown[]): unknown; _wrapped_by_lr_sched?: boolean };
  _opt_called?: boolean;
}

const hidden = (value: unknown): PropertyDescriptor => ({
  value,
  writable: true,
  enumerable: false,
  configurable: true,
});

/** Has the optimizer note that `step` was called. */
function track(optimizer: AnyOptimizer): void {
  const tracked = optimizer as unknown as Tracked;
  const { step } = tracked;
  if (step._wrapped_by_lr_sched === true) return;
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    Object.defineProperty(optimizer, '_opt_called', hidden(true));
    return step.apply(optimizer, args);
  };
  wrapper._wrapped_by_lr_sched = true;
  Object.defineProperty(optimizer, 'step', hidden(wrapper));
}

const parameters = signature('LRScheduler.__init__', ['self', 'optimizer', 'last_epoch'], 2);

/**
 * The base of the schedulers: `step` sets the groups' learning rates to what `get_lr` gives.
 *
 * A class of one's own writes `get_lr` in terms of `last_epoch`, `base_lrs` and the groups. Where it has properties of its own,
 * it calls `begin` once they are set.
 *
 * @throws TypeError for what is no optimizer
 * @throws KeyError for a last epoch of an optimizer that no scheduler has seen
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html
 * @example
 * class Halving extends torch.optim.lr_scheduler.LRScheduler {
 *   constructor(optimizer, every) { super(Halving.later); this.every = every; this.begin(optimizer); }
 *   get_lr() { return this.base_lrs.map((lr) => lr / 2 ** Math.floor(this.last_epoch / this.every)); }
 * }
 */
export class LRScheduler {
  static {
    pythonMethods(this.prototype, 'LRScheduler', {
      state_dict: [],
      load_state_dict: ['state_dict{}'],
      get_last_lr: [],
      get_lr: [],
      step: ['epoch'],
    });
    Object.defineProperty(this.prototype, '_get_lr_called_within_step', hidden(false));
    Object.defineProperty(this.prototype, '_is_initial', hidden(false));
  }

  /** Argument for `super` of a class that calls `begin` itself. */
  static readonly later: typeof LATER = LATER;

  declare optimizer: AnyOptimizer;
  /** The groups' learning rates at the beginning. */
  declare base_lrs: Rate[];
  /** Number of the last epoch; the first one is 0. */
  declare last_epoch: number;
  /** Number of calls of `step`, the first of which is the constructor's. */
  declare _step_count: number;
  declare _is_initial: boolean;
  declare _get_lr_called_within_step: boolean;
  declare _last_lr: Rate[];

  /** The rates of an epoch from its number alone, where there is such a formula. */
  _get_closed_form_lr?(): Rate[];

  constructor(
    ...args:
      | Arguments<['optimizer', 'last_epoch'], [optimizer: AnyOptimizer, last_epoch?: number]>
      | [later: typeof LATER]
  ) {
    if (args[0] === LATER) return;
    const [, optimizer, last_epoch = -1] = bind(parameters, [null, ...args]) as [null, AnyOptimizer, number?];
    this.begin(optimizer, last_epoch);
  }

  /** What the constructor does: notes the rates at the beginning, and takes the first step. */
  begin(optimizer: AnyOptimizer, last_epoch = -1): void {
    checkOptimizer(optimizer);
    this.optimizer = optimizer;
    groupsOf(optimizer).forEach((group, i) => {
      if (last_epoch === -1) {
        if (!Object.hasOwn(group, 'initial_lr')) group.initial_lr = copied(optionOf(group, 'lr'));
      } else if (!Object.hasOwn(group, 'initial_lr')) {
        throw new KeyError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.\nThis typically happens when:\n1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n2. You're using last_epoch >= 0 for a fresh training run (not recommended)`,
        );
      }
    });
    this.base_lrs = valuesOf(optimizer, 'initial_lr');
    this.last_epoch = last_epoch;
    track(optimizer);
    this._initial_step();
  }

  /** The step of the constructor. */
  _initial_step(): void {
    this._step_count = 0;
    this._is_initial = true;
    try {
      this.step();
    } finally {
      this._is_initial = false;
    }
  }

  /** Attributes but the optimizer, by Python's names. */
  state_dict(): SchedulerState {
    return this.stateWithout();
  }

  /** Takes over what `state_dict` gave, here or in Python. */
  load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    this.restore(state_dict);
  }

  /** The learning rates that the last step set, one for each group. */
  get_last_lr(): Rate[] {
    return this._last_lr;
  }

  /**
   * The learning rates of the epoch.
   *
   * @throws NotImplementedError where the class has none
   */
  get_lr(): Rate[] {
    throw new NotImplementedError('');
  }

  /** The next epoch. Given an `epoch`, it goes there by the closed form, where there is one. */
  step(epoch?: number | null): void;
  step(keywords: { epoch?: number | null }): void;
  step(epoch: number | object | null = null): void {
    if (this._step_count === 1) this.checkOrder();
    this._step_count += 1;
    if (epoch !== null) warn(EPOCH_DEPRECATION_WARNING);
    this._update_lr(epoch as number | null);
  }

  private checkOrder(): void {
    const { step, _opt_called } = this.optimizer as unknown as Tracked;
    if (step._wrapped_by_lr_sched !== true) {
      warn(
        `Seems like \`optimizer.step()\` has been overridden after learning rate scheduler initialization. Please, make sure to call \`optimizer.step()\` before \`lr_scheduler.step()\`. ${SEE}`,
      );
    } else if (_opt_called !== true) {
      warn(
        `Detected call of \`lr_scheduler.step()\` before \`optimizer.step()\`. In PyTorch 1.1.0 and later, you should call them in the opposite order: \`optimizer.step()\` before \`lr_scheduler.step()\`.  Failure to do this will result in PyTorch skipping the first value of the learning rate schedule. ${SEE}`,
      );
    }
  }

  _update_lr(epoch: number | null = null): void {
    this.last_epoch = epoch ?? this.last_epoch + 1;
    const closed = epoch === null ? undefined : this._get_closed_form_lr;
    this.setRates(() => (closed === undefined ? this.get_lr() : closed.call(this)));
  }

  /** Sets the groups' rates to what `rates` gives, during which `get_lr` may be called. */
  protected setRates(rates: () => Rate[]): void {
    this._get_lr_called_within_step = true;
    let values: Rate[];
    try {
      values = rates();
    } finally {
      this._get_lr_called_within_step = false;
    }
    for (const [group, lr] of zip(groupsOf(this.optimizer), values)) setOption(group, 'lr', lr);
    this._last_lr = valuesOf(this.optimizer, 'lr');
  }

  /** Warns of a call of `get_lr` from outside. */
  protected warnOfCall(): void {
    if (this._get_lr_called_within_step) return;
    warn('To get the last learning rate computed by the scheduler, please use `get_last_lr()`.');
  }

  /** The groups' present rates. */
  protected get rates(): Rate[] {
    return valuesOf(this.optimizer, 'lr');
  }

  /** Attributes but the optimizer and those named. */
  protected stateWithout(...names: string[]): SchedulerState {
    const left = Object.entries(ownOf(this)).filter(([name]) => name !== 'optimizer' && !names.includes(name));
    return Object.fromEntries(left);
  }

  /** Sets attributes from a state, but those named. */
  protected restore(state_dict: unknown, ...names: string[]): Map<string, unknown> {
    const entries = entriesOf(state_dict);
    if (entries === undefined) {
      throw new TypeError(`load_state_dict(): expected what state_dict() gives, but got ${typeName(state_dict)}`);
    }
    for (const [name, value] of entries) {
      if (names.includes(name)) continue;
      keepAll(value);
      Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
    }
    return new Map(entries);
  }
}
