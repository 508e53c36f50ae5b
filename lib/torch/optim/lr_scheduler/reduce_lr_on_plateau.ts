import { pythonClass, pythonMethods } from '../../call';
import { isTensor, type Tensor } from '../../memory';
import { TorchError, ValueError } from '../../native';
import { warn } from '../../core';
import { type AnyOptimizer, checkOptimizer, groupsOf, type PerGroup, setOption, optionOf, valuesOf } from './groups';
import { EPOCH_DEPRECATION_WARNING, LATER, LRScheduler, type SchedulerState } from './lr_scheduler';
import { toFloat } from './rate';

type Mode = 'min' | 'max';
type ThresholdMode = 'rel' | 'abs';

class PlateauScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'ReduceLROnPlateau', {
      step: ['metrics', 'epoch'],
      load_state_dict: ['state_dict{}'],
    });
  }

  /** Factor of a decay. Default 0.1. */
  declare factor: number;
  declare default_min_lr: number | null;
  /** The lowest rate of each group. */
  declare min_lrs: number[];
  /** Number of epochs without improvement that are let pass. Default 10. */
  declare patience: number;
  /** Number of epochs after a decay in which nothing is counted. Default 0. */
  declare cooldown: number;
  /** Least change of a rate. Default 1e-8. */
  declare eps: number;
  declare mode_worse: number;
  /** Whether a metric should fall or rise. Default 'min'. */
  declare mode: Mode;
  /** Least improvement. Default 1e-4. */
  declare threshold: number;
  /** Whether the threshold is a share of the best metric or an amount. Default 'rel'. */
  declare threshold_mode: ThresholdMode;
  /** The best metric up to now. */
  declare best: number;
  declare cooldown_counter: number;
  /** Number of epochs since the best one. */
  declare num_bad_epochs: number;

  constructor(
    optimizer: AnyOptimizer,
    mode: Mode = 'min',
    factor: number = 0.1,
    patience: number = 10,
    threshold: number = 1e-4,
    threshold_mode: ThresholdMode = 'rel',
    cooldown: number = 0,
    min_lr: PerGroup<number> = 0,
    eps: number = 1e-8,
  ) {
    super(LATER);
    if (factor >= 1) throw new ValueError('Factor should be < 1.0.');
    this.factor = factor;
    checkOptimizer(optimizer);
    this.optimizer = optimizer;
    const { length } = optimizer.param_groups;
    if (Array.isArray(min_lr)) {
      if (min_lr.length !== length) throw new ValueError(`expected ${length} min_lrs, got ${min_lr.length}`);
      this.default_min_lr = null;
      this.min_lrs = [...(min_lr as readonly number[])];
    } else {
      this.default_min_lr = min_lr as number;
      this.min_lrs = new Array<number>(length).fill(min_lr as number);
    }
    this.patience = patience;
    this.cooldown = cooldown;
    this.eps = eps;
    this.last_epoch = 0;
    this._last_lr = valuesOf(optimizer, 'lr');
    this.measure(mode, threshold, threshold_mode);
    this._reset();
  }

  /** Forgets what was counted. */
  _reset(): void {
    this.best = this.mode_worse;
    this.cooldown_counter = 0;
    this.num_bad_epochs = 0;
  }

  /** Looks at an epoch's metric, and lowers the rates where it has not improved for long enough. */
  override step(metrics?: number | Tensor | null, epoch?: number | null): void;
  override step(keywords: { metrics?: number | Tensor; epoch?: number | null }): void;
  override step(metrics: unknown, given: number | null = null): void {
    const current = toNumber(metrics);
    if (given !== null) warn(EPOCH_DEPRECATION_WARNING);
    this.last_epoch = given ?? this.last_epoch + 1;
    if (this.isBetter(current)) {
      this.best = current;
      this.num_bad_epochs = 0;
    } else {
      this.num_bad_epochs += 1;
    }
    if (this.in_cooldown) {
      this.cooldown_counter -= 1;
      this.num_bad_epochs = 0;
    }
    if (this.num_bad_epochs > this.patience) {
      this.reduce();
      this.cooldown_counter = this.cooldown;
      this.num_bad_epochs = 0;
    }
    this._last_lr = valuesOf(this.optimizer, 'lr');
  }

  private reduce(): void {
    const groups = groupsOf(this.optimizer);
    if (groups.length !== this.min_lrs.length) {
      if (this.default_min_lr === null) {
        throw new TorchError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when \`ReduceLROnPlateau\` was initialized (${this.min_lrs.length}), usually due to a new param group being added to the optimizer. Please modify the \`min_lrs\` field to match the length of the \`optimizer\` param groups.`,
        );
      }
      this.min_lrs = new Array<number>(groups.length).fill(this.default_min_lr);
    }
    groups.forEach((group, i) => {
      const old = toFloat(optionOf(group, 'lr'));
      const reduced = old * this.factor;
      const least = this.min_lrs[i]!;
      const lr = least > reduced ? least : reduced;
      if (old - lr > this.eps) setOption(group, 'lr', lr);
    });
  }

  /** Whether the last decay is so near that nothing is counted. */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0;
  }

  private isBetter(value: number): boolean {
    const { best, threshold } = this;
    const isRelative = this.threshold_mode === 'rel';
    if (this.mode === 'min') return value < (isRelative ? best * (1 - threshold) : best - threshold);
    return value > (isRelative ? best * (threshold + 1) : best + threshold);
  }

  private measure(mode: Mode, threshold: number, threshold_mode: ThresholdMode): void {
    if (mode !== 'min' && mode !== 'max') throw new ValueError(`mode ${mode as string} is unknown!`);
    if (threshold_mode !== 'rel' && threshold_mode !== 'abs') {
      throw new ValueError(`threshold mode ${threshold_mode as string} is unknown!`);
    }
    this.mode_worse = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.mode = mode;
    this.threshold = threshold;
    this.threshold_mode = threshold_mode;
  }

  override load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    this.restore(state_dict);
    this.measure(this.mode, this.threshold, this.threshold_mode);
  }
}

function toNumber(metrics: unknown): number {
  const value = isTensor(metrics) ? (metrics as Tensor).item() : metrics;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw new TypeError(`ReduceLROnPlateau.step(): argument 'metrics' must be a number or a Tensor of one element`);
}

/**
 * The rate times `factor` once a metric has not improved for `patience` epochs.
 *
 * @throws ValueError for a factor that is not less than 1, or an unknown mode
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 */
export class ReduceLROnPlateau extends pythonClass(
  'ReduceLROnPlateau',
  [
    ...(['optimizer', 'mode', 'factor', 'patience', 'threshold'] as const),
    ...(['threshold_mode', 'cooldown', 'min_lr', 'eps'] as const),
  ],
  PlateauScheduler,
) {}
