import { pythonClass, pythonMethods } from '../../call';
import { typeName, valueText } from '../../core';
import { ValueError } from '../../native';
import { math, mod, pow } from '../../python';
import { type AnyOptimizer, checkWhole } from './groups';
import { LATER, LRScheduler } from './lr_scheduler';
import { minus, over, plus, quotient, type Rate, times } from './rate';

class WarmRestartsScheduler extends LRScheduler {
  static {
    pythonMethods(this.prototype, 'CosineAnnealingWarmRestarts', { get_lr: [], step: ['epoch'] });
  }

  /** Number of epochs until the first restart. */
  declare T_0: number;
  /** Number of epochs between the last restart and the next. */
  declare T_i: number;
  /** Factor of that number at each restart. Default 1. */
  declare T_mult: number;
  /** The lowest rate. Default 0. */
  declare eta_min: number;
  /** Number of epochs since the last restart. */
  declare T_cur: number;

  constructor(optimizer: AnyOptimizer, T_0: number, T_mult: number = 1, eta_min: number = 0, last_epoch: number = -1) {
    super(LATER);
    checkWhole(T_0, 1, 'positive integer T_0');
    checkWhole(T_mult, 1, 'integer T_mult >= 1');
    if (typeof eta_min !== 'number') {
      const type = `<class '${typeName(eta_min)}'>`;
      throw new ValueError(`Expected float or int eta_min, but got ${valueText(eta_min)} of type ${type}`);
    }
    this.T_0 = T_0;
    this.T_i = T_0;
    this.T_mult = T_mult;
    this.eta_min = eta_min;
    this.T_cur = last_epoch;
    this.begin(optimizer, last_epoch);
  }

  override get_lr(): Rate[] {
    this.warnOfCall();
    const { eta_min } = this;
    const share = 1 + math.cos(quotient(math.pi * this.T_cur, this.T_i));
    return this.base_lrs.map((base) => plus(eta_min, over(times(minus(base, eta_min), share), 2)));
  }

  override step(epoch?: number | null): void;
  override step(keywords: { epoch?: number | null }): void;
  override step(given: number | object | null = null): void {
    const epoch = given === null && this.last_epoch < 0 ? 0 : (given as number | null);
    if (epoch === null) this.advance();
    else this.jump(epoch);
    this.last_epoch = Number(math.floor(epoch ?? this.last_epoch + 1));
    this.setRates(() => this.get_lr());
  }

  private advance(): void {
    this.T_cur = this.T_cur + 1;
    if (this.T_cur < this.T_i) return;
    this.T_cur = Number(mod(this.T_cur, this.T_i));
    this.T_i = this.T_i * this.T_mult;
  }

  private jump(epoch: number): void {
    const { T_0, T_mult } = this;
    if (epoch < 0) throw new ValueError(`Expected non-negative epoch, but got ${valueText(epoch)}`);
    if (epoch < T_0) {
      this.T_i = T_0;
      this.T_cur = epoch;
    } else if (T_mult === 1) {
      this.T_cur = Number(mod(epoch, T_0));
    } else {
      const n = Number(math.trunc(math.log((epoch / T_0) * (T_mult - 1) + 1, T_mult)));
      const growth = Number(pow(T_mult, n));
      this.T_cur = epoch - (T_0 * (growth - 1)) / (T_mult - 1);
      this.T_i = T_0 * growth;
    }
  }
}

/**
 * eta_min + (lr − eta_min)·(1 + cos(π·T_cur/T_i))/2, where T_cur counts from the last restart. Loshchilov & Hutter (2016).
 *
 * `step` takes a broken epoch too, for steps within one.
 * @throws ValueError for a T_0 or T_mult that is no positive whole number
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
 */
export class CosineAnnealingWarmRestarts extends pythonClass(
  'CosineAnnealingWarmRestarts',
  ['optimizer', 'T_0', 'T_mult', 'eta_min', 'last_epoch'],
  WarmRestartsScheduler,
) {}
