import {
  type Arguments,
  bind,
  isKeywords,
  type MethodArguments,
  pythonFunction,
  pythonMethods,
  signature,
} from '../call';
import { Float, isMap, refuseDetachedCalls, stringRepr, typeName, valueText } from '../core';
import { handleOf, type Tensor } from '../memory';
import { native, NotImplementedError, ValueError } from '../native';
import { Hooked, hookStep, loadWithHooks, saveWithHooks } from './hooks';
import { type GroupOptions, refuseTogether } from './options';
import { makeGroup, type OptimizerParams, type ParamGroup, type ParamGroupInput, readParams } from './param_groups';
import { OptimizerState } from './state';
import { loadStateDict, type OptimizerStateDict, saveStateDict } from './state_dict';

/** An option as Python prints it: numbers in a tuple, the names of parameters in a list. */
function optionText(value: unknown, isFloat: boolean): string {
  if (isFloat && typeof value === 'number') return String(new Float(value));
  if (typeof value === 'string' || !Array.isArray(value)) return valueText(value);
  const texts = value.map((item: unknown) => (typeof item === 'string' ? stringRepr(item) : valueText(item)));
  return value.some((item) => typeof item === 'string') ? `[${texts.join(', ')}]` : valueText(value);
}

const parameters = signature('Optimizer.__init__', ['self', 'params{}', 'defaults{}'], 3);

const zeroGrad = pythonFunction(
  'Optimizer.zero_grad',
  ['self', 'set_to_none'],
  ({ param_groups }: { param_groups: readonly { params: readonly Tensor[] }[] }, set_to_none: boolean = true): void => {
    const handles: number[] = [];
    for (const { params } of param_groups) for (const param of params) handles.push(handleOf(param));
    native.zero_grad(handles, set_to_none);
  },
);
const noArguments = pythonFunction('Optimizer.state_dict', ['self'], (_self: object): void => undefined);
const groupToAdd = pythonFunction(
  'Optimizer.add_param_group',
  ['self', 'param_group{}'],
  (_self: object, param_group: unknown): unknown => param_group,
);
const stateToLoad = pythonFunction(
  'Optimizer.load_state_dict',
  ['self', 'state_dict{}'],
  (_self: object, state_dict: unknown): unknown => state_dict,
);

/**
 * The base of the optimizers. Yours extends it and has a `step`, as in Python; torch's own extend `TapedOptimizer`.
 *
 * `param_groups` are plain objects and `state` is a Map: options written there (`optimizer.param_groups[0].lr = 1e-4`)
 * hold from the next step on. A parameter whose gradient is null is skipped, its state included.
 * @see https://docs.pytorch.org/docs/stable/optim.html
 */
export class Optimizer<O extends GroupOptions = GroupOptions> extends Hooked {
  static {
    pythonMethods(this.prototype, 'Optimizer', { __getstate__: [] });
    refuseDetachedCalls(this.prototype, 'optimizer');
  }

  /** Options of a group that does not give its own. */
  readonly defaults: O;
  param_groups: ParamGroup<O>[] = [];
  /** State of each parameter, for example `state.get(p)?.exp_avg`. */
  state: OptimizerState = new OptimizerState();

  constructor(...args: Arguments<['params', 'defaults'], [params: OptimizerParams<O>, defaults: O]>) {
    super();
    const [, params, defaults] = bind(parameters, [null, ...args]) as [null, OptimizerParams<O>, O];
    if (!isKeywords(defaults)) {
      throw new TypeError(`Optimizer.__init__(): argument 'defaults' must be dict, not ${typeName(defaults)}`);
    }
    hookStep(this);
    const items = readParams(params);
    refuseTogether(defaults);
    this.defaults = defaults;
    const groups = isKeywords(items[0]) ? items : [{ params: items }];
    for (const group of groups) this.add_param_group(group as ParamGroupInput<O>);
  }

  /** Names of options that are floats in Python where their value is whole. */
  protected get floats(): readonly string[] {
    return [];
  }

  /**
   * Adds tensors to optimize.
   *
   * @throws TypeError or ValueError, in Python's words, for what is not a leaf tensor or is there already
   */
  add_param_group(param_group: ParamGroupInput<O>): void;
  add_param_group(keywords: { param_group: ParamGroupInput<O> }): void;
  add_param_group(...args: unknown[]): void {
    const group = groupToAdd(this, ...(args as [object]));
    if (!isKeywords(group)) {
      throw new TypeError(`param_group must be a dict, but got <class '${typeName(group)}'>`);
    }
    if (!Object.hasOwn(group, 'params')) {
      throw new ValueError("param_group must have 'params', the tensors to optimize");
    }
    const made = makeGroup(group as ParamGroupInput<O>, this.defaults, this.param_groups);
    refuseTogether(made);
    this.param_groups.push(made);
  }

  /**
   * Forgets all gradients, so that parameters without a new one are skipped by the next step; with
   * `set_to_none: false` fills them with zeros instead.
   */
  zero_grad(...args: MethodArguments<typeof zeroGrad>): void {
    zeroGrad(this, ...args);
  }

  /**
   * Updates every parameter that has a gradient. `closure` computes the loss anew, with gradients on; its
   * result is returned.
   */
  step(): null;
  step<T>(closure: () => T): T;
  step<T>(keywords: { closure: () => T }): T;
  step<T>(..._args: unknown[]): T | null {
    throw new NotImplementedError(`${this.constructor.name} has no step(); a class that extends Optimizer needs one`);
  }

  /** State and options, with parameters numbered in order, as Python's `state_dict()`. */
  state_dict(...surplus: []): OptimizerStateDict {
    noArguments(this, ...surplus);
    return saveWithHooks(this, () => saveStateDict(this.param_groups, this.state));
  }

  /**
   * Takes over a state dict: copies the state's tensors, cast to each parameter's dtype and device, and replaces the
   * groups' options.
   *
   * @throws ValueError when the groups do not match
   */
  load_state_dict(state_dict: OptimizerStateDict): void;
  load_state_dict(keywords: { state_dict: OptimizerStateDict }): void;
  load_state_dict(...args: unknown[]): void {
    const given = stateToLoad(this, ...(args as [object])) as OptimizerStateDict;
    loadWithHooks(this, refuseOther(given), (state_dict) => {
      const { groups, states } = loadStateDict(refuseOther(state_dict), this.param_groups);
      this.param_groups = groups.map((group) => this.completed(group));
      this.state = new OptimizerState();
      for (const [param, state] of states) this.state.set(param, state);
      for (const group of this.param_groups) this.restored(group);
    });
  }

  /** What `copy.deepcopy` copies. What a scheduler notes on an optimizer, such as its step, is left out, as in Python. */
  __getstate__(): object {
    return { ...this };
  }

  /** The options and groups, as Python prints them. */
  override toString(): string {
    const { floats } = this;
    const groups = this.param_groups.map((group, number) => {
      const options = Object.entries(group).filter(([name]) => name !== 'params');
      const lines = options.sort(([a], [b]) => (a < b ? -1 : 1));
      const shown = lines.map(([name, value]) => `    ${name}: ${optionText(value, floats.includes(name))}\n`);
      return `\nParameter Group ${number}\n${shown.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }

  /** `console.log(optimizer)` prints `toString()`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Gives a loaded group what older versions did not save. */
  protected completed(group: ParamGroup<O>): ParamGroup<O> {
    return group;
  }

  /** Makes tensors of what older versions saved as numbers in the states of a loaded group. */
  protected restored(_group: ParamGroup<O>): void {}
}

function refuseOther(state_dict: OptimizerStateDict): OptimizerStateDict {
  if (
    isKeywords(state_dict) &&
    (isKeywords(state_dict.state) || isMap(state_dict.state)) &&
    Array.isArray(state_dict.param_groups)
  ) {
    return state_dict;
  }
  throw new TypeError(
    `load_state_dict(): expected what state_dict() gives, { state, param_groups }, but got ${typeName(state_dict)}`,
  );
}
