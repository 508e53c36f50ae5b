/** What LambdaLR and MultiplicativeLR share: a function for each group. */
import { ValueError } from '../../native';
import { typeName } from '../../core';
import { type AnyOptimizer, checkOptimizer } from './groups';
import { LATER, LRScheduler, type SchedulerState } from './lr_scheduler';

/** A factor from the number of the epoch. */
export type LrLambda = (epoch: number) => number;

/** The base of the schedulers by functions. */
export class LambdaScheduler extends LRScheduler {
  declare lr_lambdas: LrLambda[];

  constructor(optimizer: AnyOptimizer, lr_lambda: LrLambda | readonly LrLambda[], last_epoch: number) {
    super(LATER);
    checkOptimizer(optimizer);
    const { length } = optimizer.param_groups;
    this.optimizer = optimizer;
    if (!Array.isArray(lr_lambda)) this.lr_lambdas = new Array<LrLambda>(length).fill(lr_lambda as LrLambda);
    else if (lr_lambda.length === length) this.lr_lambdas = [...(lr_lambda as readonly LrLambda[])];
    else throw new ValueError(`Expected ${length} lr_lambdas, but got ${lr_lambda.length}`);
    for (const lambda of this.lr_lambdas) {
      if (typeof lambda !== 'function') {
        throw new TypeError(`lr_lambda should be a function, but got ${typeName(lambda)}`);
      }
    }
    this.begin(optimizer, last_epoch);
  }

  override state_dict(): SchedulerState {
    return { ...this.stateWithout('lr_lambdas'), lr_lambdas: this.lr_lambdas.map(attributesOf) };
  }

  override load_state_dict(state_dict: SchedulerState | ReadonlyMap<string, unknown>): void {
    const saved = this.restore(state_dict, 'lr_lambdas').get('lr_lambdas') as unknown[];
    for (const [i, attributes] of saved.entries()) setAttributes(this.lr_lambdas[i], attributes);
  }
}

/** A function's own properties; null where it has none: a state does not hold functions. */
export function attributesOf(f: object): object | null {
  return Object.keys(f).length > 0 ? { ...f } : null;
}

/** Gives a function the properties that a state held. */
export function setAttributes(f: object | null | undefined, attributes: unknown): void {
  if (f && attributes) {
    Object.assign(f, attributes instanceof Map ? Object.fromEntries(attributes) : attributes);
  }
}
