import { pythonClass, pythonMethods } from '../../call';
import { typeName, valueText } from '../../core';
import { ValueError } from '../../native';
import { math } from '../../python';
import {
  type AnyOptimizer,
  checkOptimizer,
  checkWhole,
  type Group,
  groupsOf,
  type PerGroup,
  perGroup,
  setMomentum,
  usesBeta1,
  optionOf,
} from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { copied, minus, over, plus, quotient, type Rate, times } from './rate';

type Strategy = 'cos' | 'linear';

/** A part of the cycle: its last step, and the names of the options between which it goes. */
interface Phase {
  end_step: number;
  start_lr: string;
  end_lr: string;
  start_momentum: string;
  end_momentum: string;
}

const phase = (end_step: number, start: string, end: string, start_momentum: string, end_momentum: string): Phase => ({
  end_step,
  start_lr: `${start}_lr`,
  end_lr: `${end}_lr`,
  start_momentum: `${start_momentum}_momentum`,
  end_momentum: `${end_momentum}_momentum`,
});

function phases(total: number, pct_start: number, three_phase: boolean): Phase[] {
  const up = phase(pct_start * total - 1, 'initial', 'max', 'max', 'base');
  if (!three_phase) return [up, phase(total - 1, 'max', 'min', 'base', 'max')];
  const down = phase(2 * pct_start * total - 2, 'max', 'initial', 'base', 'max');
  return [up, down, phase(total - 1, 'initial', 'min', 'max', 'max')];
}

function totalOf(total_steps: number | null, epochs: number | null, steps_per_epoch: number | null): number {
  if (total_steps !== null) {
    checkWhole(total_steps, 1, 'positive integer total_steps');
    return total_steps;
  }
  if (epochs === null || steps_per_epoch === null) {
    throw new ValueError('You must define either total_steps OR (epochs AND steps_per_epoch)');
  }
  checkWhole(epochs, 1, 'positive integer epochs');
  checkWhole(steps_per_epoch, 1, 'positive integer steps_per_epoch');
  return epochs * steps_per_epoch;
}

class OneCycleLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'OneCycleLR', { get_lr: [] });
  }

  /** Number of steps of the cycle. */
  declare total_steps: number;
  declare _schedule_phases: Phase[];
  declare _anneal_func_type: Strategy;
  /** Whether the momentum goes down while the rate goes up. Default true. */
  declare cycle_momentum: boolean;
  declare use_beta1: boolean;

  constructor(
    optimizer: AnyOptimizer,
    max_lr: PerGroup<Rate>,
    total_steps: number | null = null,
    epochs: number | null = null,
    steps_per_epoch: number | null = null,
    pct_start: number = 0.3,
    anneal_strategy: Strategy = 'cos',
    cycle_momentum: boolean = true,
    base_momentum: PerGroup<number> = 0.85,
    max_momentum: PerGroup<number> = 0.95,
    div_factor: number = 25,
    final_div_factor: number = 1e4,
    three_phase: boolean = false,
    last_epoch: number = -1,
  ) {
    super(LATER);
    checkOptimizer(optimizer);
    this.optimizer = optimizer;
    this.total_steps = totalOf(total_steps, epochs, steps_per_epoch);
    this._schedule_phases = phases(this.total_steps, pct_start, three_phase);
    if (!(typeof pct_start === 'number' && pct_start >= 0 && pct_start <= 1)) {
      throw new ValueError(`Expected float between 0 and 1 pct_start, but got ${valueText(pct_start)}`);
    }
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      const given = typeName(anneal_strategy) === 'str' ? anneal_strategy : valueText(anneal_strategy);
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${given as string}`);
    }
    this._anneal_func_type = anneal_strategy;
    const max_lrs = perGroup('max_lr', optimizer, max_lr);
    if (last_epoch === -1) {
      groupsOf(optimizer).forEach((group, i) => {
        group.initial_lr = copied(over(max_lrs[i]!, div_factor));
        group.max_lr = max_lrs[i];
        group.min_lr = copied(over(group.initial_lr as Rate, final_div_factor));
      });
    }
    this.cycle_momentum = cycle_momentum;
    if (cycle_momentum) this.prepareMomentum(base_momentum, max_momentum, last_epoch);
    this.begin(optimizer, last_epoch);
  }

  private prepareMomentum(base_momentum: PerGroup<number>, max_momentum: PerGroup<number>, last_epoch: number): void {
    const { optimizer } = this;
    this.use_beta1 = usesBeta1(optimizer);
    const highest = perGroup('max_momentum', optimizer, max_momentum);
    const lowest = perGroup('base_momentum', optimizer, base_momentum);
    if (last_epoch !== -1) return;
    groupsOf(optimizer).forEach((group, i) => {
      setMomentum(group, this.use_beta1, highest[i]!);
      group.max_momentum = highest[i];
      group.base_momentum = lowest[i];
    });
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { last_epoch, total_steps } = this;
    if (last_epoch > total_steps) {
      throw new ValueError(`Tried to step ${last_epoch} times. The specified number of total steps is ${total_steps}`);
    }
    return groupsOf(this.optimizer).map((group) => this.rateOf(group, last_epoch));
  }

  private rateOf(group: Group, step: number): Rate {
    let index = this._schedule_phases.findIndex(({ end_step }) => step <= end_step);
    if (index < 0) index = this._schedule_phases.length - 1;
    const { end_step, start_lr, end_lr, start_momentum, end_momentum } = this._schedule_phases[index]!;
    const start_step = index === 0 ? 0 : this._schedule_phases[index - 1]!.end_step;
    const pct = quotient(step - start_step, end_step - start_step);
    const lr = this.anneal(optionOf(group, start_lr), optionOf(group, end_lr), pct);
    if (this.cycle_momentum) {
      const momentum = this.anneal(optionOf(group, start_momentum), optionOf(group, end_momentum), pct);
      setMomentum(group, this.use_beta1, momentum);
    }
    return lr;
  }

  /** The value between two, at a share of the way. */
  private anneal(start: Rate, end: Rate, pct: number): Rate {
    if (this._anneal_func_type === 'linear') return plus(times(minus(end, start), pct), start);
    return plus(end, times(over(minus(start, end), 2), math.cos(math.pi * pct) + 1));
  }
}

/**
 * The rate going up from max_lr/div_factor to `max_lr` and down to 1/final_div_factor of where it began, and the momentum the
 * other way, once. Smith & Topin (2017).
 *
 * @throws ValueError without a number of steps, and after the last one
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 */
export class OneCycleLR extends pythonClass(
  'OneCycleLR',
  [
    ...(['optimizer', 'max_lr', 'total_steps', 'epochs', 'steps_per_epoch', 'pct_start', 'anneal_strategy'] as const),
    ...(['cycle_momentum', 'base_momentum', 'max_momentum', 'div_factor', 'final_div_factor'] as const),
    ...(['three_phase', 'last_epoch'] as const),
  ],
  OneCycleLRScheduler,
) {}
