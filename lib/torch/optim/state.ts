import { TorchError } from '../native/errors';
import { type External, type Handle, native } from '../native';
import { wrap } from '../memory/wrap';
import { handleOf } from '../memory/handle';
import type { Tensor } from '../memory/tensor';

/** What an optimizer remembers for one parameter, by Python's names: `exp_avg`, `momentum_buffer`, …. */
export type ParamState = Record<string, Tensor>;

interface Place {
  group: number;
  index: number;
}

/**
 * The optimizer's state, by parameter. It lives in native code; each reading gives new tensor objects that
 * share its memory, so writing into them changes it.
 */
export class OptimizerState implements Iterable<[Tensor, ParamState]> {
  readonly #native: External;
  readonly #groups: ReadonlyMap<readonly Tensor[], number>;

  /** @internal */
  constructor(optimizer: External, groups: ReadonlyMap<readonly Tensor[], number>) {
    this.#native = optimizer;
    this.#groups = groups;
  }

  /** State of a parameter; undefined before its first step. */
  get(param: Tensor): ParamState | undefined {
    const place = this.#find(param);
    if (place === undefined) return undefined;
    const handles = native.optimizer_state(this.#native, place.group, place.index);
    if (handles === null) return undefined;
    return mapped(handles, wrap);
  }

  /** Whether a parameter has state. */
  has(param: Tensor): boolean {
    return this.get(param) !== undefined;
  }

  /** Replaces a parameter's state; the optimizer shares the tensors. Throws TorchError for a foreign parameter. */
  set(param: Tensor, state: ParamState): void {
    this.#write(param, mapped(state, handleOf));
  }

  /** Forgets a parameter's state, as before its first step. */
  delete(param: Tensor): void {
    this.#write(param, null);
  }

  /** Replaces all state. */
  replace(states: ReadonlyMap<Tensor, ParamState>): void {
    for (const params of this.#groups.keys()) {
      for (const param of params) {
        const state = states.get(param);
        if (state === undefined) this.delete(param);
        else this.set(param, state);
      }
    }
  }

  /** Parameters that have state, with it, in the groups' order. */
  *[Symbol.iterator](): Iterator<[Tensor, ParamState]> {
    for (const params of this.#groups.keys()) {
      for (const param of params) {
        const state = this.get(param);
        if (state !== undefined) yield [param, state];
      }
    }
  }

  #find(param: Tensor): Place | undefined {
    for (const [params, group] of this.#groups) {
      const index = params.indexOf(param);
      if (index >= 0) return { group, index };
    }
    return undefined;
  }

  #write(param: Tensor, state: Record<string, Handle> | null): void {
    const place = this.#find(param);
    if (place === undefined) throw new TorchError('the optimizer has no such parameter');
    native.optimizer_set_state(this.#native, place.group, place.index, state);
  }
}

function mapped<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
