import { pythonClass, pythonMethods } from '../../call';
import { ValueError } from '../../native';
import { math, pow } from '../../python';
import {
  type AnyOptimizer,
  checkOptimizer,
  groupsOf,
  type PerGroup,
  perGroup,
  setMomentum,
  setOption,
  usesBeta1,
  zip,
  zipped,
} from './groups';
import { attributesOf, setAttributes } from './lambdas';
import { LATER, LRScheduler, type SchedulerState } from './lr_scheduler';
import { minus, plus, quotient, type Rate, times } from './rate';

type Mode = 'triangular' | 'triangular2' | 'exp_range';
type ScaleFn = (x: number) => number;

class CyclicLRScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'CyclicLR', {
      get_lr: [],
      scale_fn: ['x'],
      state_dict: [],
      load_state_dict: ['state_dict{}'],
    });
  }

  /** The groups' rates at the top of a cycle. */
  declare max_lrs: Rate[];
  /** Number of steps of a cycle. */
  declare total_size: number;
  /** Share of a cycle in which the rate rises. */
  declare step_ratio: number;
  /** Way in which later cycles are lower. Default 'triangular': they are not. */
  declare mode: Mode;
  /** Base of the mode 'exp_range'. Default 1. */
  declare gamma: number;
  declare _scale_fn_custom: ScaleFn | null;
  /** What `scale_fn` is given: the number of the cycle or that of the step. Default 'cycle'. */
  declare scale_mode: 'cycle' | 'iterations';
  /** Whether the momentum goes down while the rate goes up. Default true. */
  declare cycle_momentum: boolean;
  declare use_beta1: boolean;
  declare base_momentums: Rate[];
  declare max_momentums: Rate[];

  constructor(
    optimizer: AnyOptimizer,
    base_lr: PerGroup<Rate>,
    max_lr: PerGroup<Rate>,
    step_size_up: number = 2000,
    step_size_down: number | null = null,
    mode: Mode = 'triangular',
    gamma: number = 1,
    scale_fn: ScaleFn | null = null,
    scale_mode: 'cycle' | 'iterations' = 'cycle',
    cycle_momentum: boolean = true,
    base_momentum: PerGroup<number> = 0.8,
    max_momentum: PerGroup<number> = 0.9,
    last_epoch: number = -1,
  ) {
    super(LATER);
    checkOptimizer(optimizer);
    this.optimizer = optimizer;
    const base_lrs = perGroup('base_lr', optimizer, base_lr);
    const groups = groupsOf(optimizer);
    if (last_epoch === -1) for (const [lr, group] of zip(base_lrs, groups)) setOption(group, 'lr', lr);
    this.max_lrs = perGroup('max_lr', optimizer, max_lr);
    this.total_size = step_size_up + (step_size_down ?? step_size_up);
    this.step_ratio = quotient(step_size_up, this.total_size);
    if (!['triangular', 'triangular2', 'exp_range'].includes(mode) && scale_fn === null) {
      throw new ValueError('mode is invalid and scale_fn is None');
    }
    this.mode = mode;
    this.gamma = gamma;
    this._scale_fn_custom = scale_fn;
    this.scale_mode = scale_mode;
    this.chooseScale();
    this.cycle_momentum = cycle_momentum;
    if (cycle_momentum) this.prepareMomentum(base_momentum, max_momentum, last_epoch);
    this.begin(optimizer, last_epoch);
    this.base_lrs = base_lrs;
  }

  private chooseScale(): void {
    if (this._scale_fn_custom === null) this.scale_mode = this.mode === 'exp_range' ? 'iterations' : 'cycle';
  }

  private prepareMomentum(base_momentum: PerGroup<number>, max_momentum: PerGroup<number>, last_epoch: number): void {
    const { optimizer } = this;
    this.use_beta1 = usesBeta1(optimizer);
    this.base_momentums = perGroup('base_momentum', optimizer, base_momentum);
    this.max_momentums = perGroup('max_momentum', optimizer, max_momentum);
    if (last_epoch !== -1) return;
    groupsOf(optimizer).forEach((group, i) => {
      setMomentum(group, this.use_beta1, this.max_momentums[i]!);
      group.max_momentum = this.max_momentums[i];
      group.base_momentum = this.base_momentums[i];
    });
  }

  /** Height of a cycle, or of a step: 1 is the whole. */
  scale_fn(x: number): number {
    if (this._scale_fn_custom !== null) return this._scale_fn_custom(x);
    if (this.mode === 'triangular') return 1;
    return this.mode === 'triangular2' ? quotient(1, Number(pow(2, x - 1))) : Number(pow(this.gamma, x));
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { last_epoch, step_ratio } = this;
    const place = quotient(last_epoch, this.total_size);
    const cycle = Number(math.floor(1 + place));
    const x = 1 + place - cycle;
    const share = x <= step_ratio ? quotient(x, step_ratio) : quotient(x - 1, step_ratio - 1);
    const scale = () => this.scale_fn(this.scale_mode === 'cycle' ? cycle : last_epoch);
    const height = (base: Rate, max: Rate) => times(times(minus(max, base), share), scale());
    const lrs = zipped(this.base_lrs, this.max_lrs, (base, max) => plus(base, height(base, max)));
    if (this.cycle_momentum) {
      const momentums = zipped(this.base_momentums, this.max_momentums, (base, max) => minus(max, height(base, max)));
      for (const [group, momentum] of zip(groupsOf(this.optimizer), momentums)) {
        setMomentum(group, this.use_beta1, momentum);
      }
    }
    return lrs;
  }

  override state_dict(): SchedulerState {
    const { _scale_fn_custom } = this;
    const state = this.stateWithout('_scale_fn_custom');
    return { ...state, _scale_fn_custom: _scale_fn_custom === null ? null : attributesOf(_scale_fn_custom) };
  }

  override load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    const saved = this.restore(state_dict, '_scale_fn_custom');
    setAttributes(this._scale_fn_custom, saved.get('_scale_fn_custom'));
    this.chooseScale();
  }
}

/**
 * The rate going up from `base_lr` to `max_lr` and down again, in straight lines, and the momentum the other way. Smith (2015).
 *
 * @throws ValueError for an optimizer without momentum, unless `cycle_momentum` is false
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html
 */
export class CyclicLR extends pythonClass(
  'CyclicLR',
  [
    ...(['optimizer', 'base_lr', 'max_lr', 'step_size_up', 'step_size_down', 'mode', 'gamma'] as const),
    ...(['scale_fn', 'scale_mode', 'cycle_momentum', 'base_momentum', 'max_momentum', 'last_epoch'] as const),
  ],
  CyclicLRScheduler,
) {}
