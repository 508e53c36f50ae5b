import { inspect } from 'node:util';
import { enable_grad } from '../autograd';
import { TorchError, ValueError } from '../native/errors';
import { type External, native, type OptimizerKind } from '../native';
import { isKeywords } from '../call/arguments';
import { handleOf } from '../memory/handle';
import { typeName, valueText } from '../core/text';
import type { Tensor } from '../memory/tensor';
import { readArguments } from '../nn/module/arguments';
import { makeGroup, type OptimizerParams, type ParamGroup, type ParamGroupInput, readParams } from './param_groups';
import { OptimizerState } from './state';
import { loadStateDict, type OptimizerStateDict, saveStateDict } from './state_dict';

/** The options that the groups of every optimizer have. */
export interface GroupOptions {
  /** Learning rate. */
  lr: number;
  weight_decay: number;
  /** Updates parameters many at a time. null lets the device decide, as in Python: not on the CPU. */
  foreach: boolean | null;
  /** Uses libtorch's fused kernel. */
  fused: boolean | null;
  maximize: boolean;
  /** Not supported: must be false. */
  differentiable: boolean;
}

/**
 * The base of the optimizers. The update itself is native, one call for each group.
 *
 * `param_groups` are plain objects: options written there (`optimizer.param_groups[0].lr = 1e-4`) hold from
 * the next step on. A parameter whose gradient is null is skipped, its state included.
 */
export abstract class Optimizer<O extends GroupOptions = GroupOptions> {
  /** Options of a group that does not give its own. */
  readonly defaults: O;
  param_groups: ParamGroup<O>[] = [];
  /** What the optimizer remembers for each parameter, for example `state.get(p)?.exp_avg`. */
  readonly state: OptimizerState;
  readonly #native: External;
  /** Native group numbers, by the group's list of parameters. */
  readonly #groups = new Map<readonly Tensor[], number>();

  constructor(kind: OptimizerKind, params: OptimizerParams<O>, defaults: O) {
    const items = readParams(params);
    refuseUnsupported(this.constructor.name, defaults);
    this.defaults = defaults;
    this.#native = native.optimizer(kind);
    this.state = new OptimizerState(this.#native, this.#groups);
    const groups = isKeywords(items[0]) ? items : [{ params: items }];
    for (const group of groups) this.add_param_group(group as ParamGroupInput<O>);
  }

  /**
   * Adds tensors to optimize. Throws TypeError or ValueError, in Python's words, for what is not a leaf
   * tensor or is there already.
   */
  add_param_group(group: ParamGroupInput<O>): void {
    if (!isKeywords(group)) {
      throw new TypeError(`param_group must be a dict, but got <class '${typeName(group)}'>`);
    }
    if (!('params' in group)) {
      throw new ValueError("param_group must have 'params', the tensors to optimize");
    }
    const made = makeGroup(group as ParamGroupInput<O>, this.defaults, this.param_groups);
    refuseUnsupported(this.constructor.name, made);
    native.optimizer_add_group(this.#native, made.params.map(handleOf));
    this.#groups.set(made.params, this.#groups.size);
    this.param_groups.push(made);
  }

  /**
   * Forgets all gradients, so that parameters without a new one are skipped by the next step; with
   * `set_to_none: false` fills them with zeros instead.
   */
  zero_grad(options: boolean | { set_to_none?: boolean } = {}): void {
    const { set_to_none } = readArguments('zero_grad', { set_to_none: true }, [options]);
    native.optimizer_zero_grad(this.#native, set_to_none);
  }

  /**
   * Updates every parameter that has a gradient. `closure` computes the loss anew, with gradients on; its
   * result is returned.
   */
  step(): null;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | null {
    const loss = closure === undefined ? null : enable_grad(closure);
    for (const group of this.param_groups) {
      const number = this.#groups.get(group.params);
      if (number === undefined) {
        throw new TorchError(
          `${this.constructor.name}: a group's params were replaced; use add_param_group to change what is optimized`,
        );
      }
      native.optimizer_step(this.#native, number, this.stepOptions(group));
    }
    return loss;
  }

  /** State and options, with parameters numbered in order, as Python's `state_dict()`. */
  state_dict(): OptimizerStateDict {
    return saveStateDict(this.param_groups, this.state);
  }

  /**
   * Takes over a state dict: copies the state's tensors, cast to each parameter's dtype and device, and
   * replaces the groups' options. Throws ValueError when the groups do not match.
   */
  load_state_dict(state_dict: OptimizerStateDict): void {
    if (!isKeywords(state_dict) || !isKeywords(state_dict.state) || !Array.isArray(state_dict.param_groups)) {
      throw new TypeError(
        `load_state_dict(): expected what state_dict() gives, { state, param_groups }, but got ${typeName(state_dict)}`,
      );
    }
    const { groups, states } = loadStateDict(state_dict, this.param_groups);
    this.param_groups = groups.map((group) => this.completed(group));
    this.state.replace(states);
  }

  /** The options and groups, as Python prints them. */
  toString(): string {
    const groups = this.param_groups.map((group, number) => {
      const options = Object.entries(group).filter(([name]) => name !== 'params');
      const lines = options.sort(([a], [b]) => (a < b ? -1 : 1));
      const shown = lines.map(([name, value]) => `    ${name}: ${valueText(value)}\n`);
      return `\nParameter Group ${number}\n${shown.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }

  /** `console.log(optimizer)` prints `toString()`. */
  [inspect.custom](): string {
    return this.toString();
  }

  /** The numbers that the native step of a group takes. */
  protected abstract stepOptions(group: ParamGroup<O>): Float64Array;

  /** Gives a loaded group the options that older versions did not save. */
  protected abstract completed(group: ParamGroup<O>): ParamGroup<O>;

  /** Writes a group's numbers into `target` and returns it; throws ValueError for one that is not finite. */
  protected fill(target: Float64Array, numbers: Readonly<Record<string, number | boolean>>): Float64Array {
    let i = 0;
    for (const name in numbers) {
      const value = numbers[name]!;
      if (typeof value !== 'boolean' && !Number.isFinite(value)) {
        throw new ValueError(
          `${this.constructor.name}: option ${name} must be a finite number, but is ${valueText(value)}`,
        );
      }
      target[i++] = Number(value);
    }
    return target;
  }
}

/** Which native implementation a group's options mean: 0 single-tensor, 1 foreach, 2 fused, 3 by device. */
export function pathOf(group: GroupOptions): number {
  if (group.fused) return 2;
  if (group.foreach) return 1;
  return group.fused === null && group.foreach === null ? 3 : 0;
}

/** Throws ValueError, in Python's words, for an option that is negative or no number. */
export function checkNotNegative(label: string, value: number): void {
  if (typeof value !== 'number') {
    throw new TypeError(`${label}: must be a number, but got ${typeName(value)}`);
  }
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new ValueError(`Invalid ${label}: ${valueText(value)}`);
  }
}

function refuseUnsupported(name: string, options: GroupOptions): void {
  if (options.fused && options.differentiable) {
    throw new TorchError('`fused` does not support `differentiable`');
  }
  if (options.fused && options.foreach) {
    throw new TorchError('`fused` and `foreach` cannot be `True` together.');
  }
  for (const option of ['differentiable', 'capturable']) {
    if ((options as unknown as Record<string, unknown>)[option]) {
      throw new ValueError(`${name}: ${option}=True is not supported; leave it out`);
    }
  }
}
