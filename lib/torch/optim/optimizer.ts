import { enable_grad, no_grad } from '../autograd';
import { native, TorchError, ValueError } from '../native';
import {
  type Arguments,
  bind,
  definingClass,
  isKeywords,
  type MethodArguments,
  pythonFunction,
  signature,
} from '../call';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { stringRepr, typeName, valueText, ownOf, refuseDetachedCalls } from '../core';
import { checkCapture, refuseNewState, refuseUncapturable } from './capture';
import { checkGroup, checkNumbers, type GroupOptions, refuseUnsupported } from './options';
import { makeGroup, type OptimizerParams, type ParamGroup, type ParamGroupInput, readParams } from './param_groups';
import { play } from './recorder';
import { type Alike, Kind, Rows, STATE } from './rows';
import { OptimizerState, type ParamState } from './state';
import { loadStateDict, type OptimizerStateDict, saveStateDict } from './state_dict';

/** Way to do an update: one parameter after the other, all at once, or by a fused kernel. */
export type Path = 'single' | 'foreach' | 'fused';

/** One update of parameters with the same number of steps and the same kinds of state. Its tensors are stand-ins. */
export interface Update<State> {
  param: Tensor;
  grad: Tensor;
  state: State;
  /** Number of this step, from 1. `state.step` has been moved to it. */
  step: number;
  /** Whether the parameters are complex. */
  complex: boolean;
  /** Whether the gradients are sparse. */
  sparse: boolean;
  path: Path;
}

/** Options of a group that choose the path. */
interface Switches {
  readonly foreach?: boolean | null;
  readonly fused?: boolean | null;
  readonly capturable?: boolean;
}

/** An option as Python prints it: numbers in a tuple, the names of parameters in a list. */
const optionText = (value: unknown): string =>
  Array.isArray(value) && value.some((item) => typeof item === 'string')
    ? `[${value.map((item) => (typeof item === 'string' ? stringRepr(item) : valueText(item))).join(', ')}]`
    : valueText(value);

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

// Used again at each step; no step begins within another one's.
const rows = new Rows();
const part = new Rows();

/**
 * The base of the optimizers. A class of one says what it remembers (`stateNames`, `initial`) and how a step changes a
 * parameter (`update`), in the words and the order of PyTorch's own file; see `rmsprop.ts` for a short one.
 *
 * `param_groups` are plain objects and `state` is a Map: options written there (`optimizer.param_groups[0].lr = 1e-4`)
 * hold from the next step on. A parameter whose gradient is null is skipped, its state included.
 */
export abstract class Optimizer<O extends GroupOptions = GroupOptions, State extends object = ParamState> {
  static {
    refuseDetachedCalls(this.prototype, 'optimizer');
  }

  /** Options of a group that does not give its own. */
  readonly defaults: O;
  param_groups: ParamGroup<O>[] = [];
  /** State of each parameter, for example `state.get(p)?.exp_avg`. */
  readonly state: OptimizerState = new OptimizerState();

  /** The last list of parameters that was found to have no repeated ones. */
  #unique: readonly Tensor[] = [];

  constructor(...args: Arguments<['params', 'defaults'], [params: OptimizerParams<O>, defaults: O]>) {
    const [, params, defaults] = bind(parameters, [null, ...args]) as [null, OptimizerParams<O>, O];
    if (!isKeywords(defaults)) {
      throw new TypeError(`Optimizer.__init__(): argument 'defaults' must be dict, not ${typeName(defaults)}`);
    }
    const items = readParams(params);
    refuseUnsupported(this.constructor.name, defaults);
    this.defaults = defaults;
    const groups = isKeywords(items[0]) ? items : [{ params: items }];
    for (const group of groups) this.add_param_group(group as ParamGroupInput<O>);
  }

  /** Names of the tensors of a parameter's state. `step` comes first where there is one. */
  protected abstract readonly stateNames: readonly string[];

  /** Message that refuses a sparse gradient; null where it is welcome. */
  protected abstract readonly refusesSparse: string | null;

  /** The state of a parameter before its first step; left out where updates make it. */
  protected initial?(param: Tensor, group: ParamGroup<O>): Partial<State>;

  /**
   * One step. Called with stand-ins for the tensors of many parameters, whose methods write down what is to be done: it
   * may decide by options and numbers, not by the elements of tensors. What it assigns to a state is kept.
   */
  protected abstract update(registers: Update<State>, group: ParamGroup<O>): void;

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
    refuseUnsupported(this.constructor.name, made);
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
  step<T>(...args: unknown[]): T | null {
    const closure = args.length === 0 ? null : this.#closure(args);
    checkCapture(this, this.defaults, this.param_groups);
    const loss = closure === null ? null : (enable_grad(closure) as T);
    for (const group of this.param_groups) {
      checkGroup(this.constructor.name, group);
      this.#stepGroup(group, group.params);
    }
    return loss;
  }

  /** State and options, with parameters numbered in order, as Python's `state_dict()`. */
  state_dict(...surplus: []): OptimizerStateDict {
    noArguments(this, ...surplus);
    return saveStateDict(this.param_groups, this.state);
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
    const state_dict = stateToLoad(this, ...(args as [object])) as OptimizerStateDict;
    if (!isKeywords(state_dict) || !isKeywords(state_dict.state) || !Array.isArray(state_dict.param_groups)) {
      throw new TypeError(
        `load_state_dict(): expected what state_dict() gives, { state, param_groups }, but got ${typeName(state_dict)}`,
      );
    }
    const { groups, states } = loadStateDict(state_dict, this.param_groups);
    this.param_groups = groups.map((group) => this.completed(group));
    this.state.clear();
    for (const [param, state] of states) this.state.set(param, state);
  }

  /** The options and groups, as Python prints them. */
  toString(): string {
    const groups = this.param_groups.map((group, number) => {
      const options = Object.entries(group).filter(([name]) => name !== 'params');
      const lines = options.sort(([a], [b]) => (a < b ? -1 : 1));
      const shown = lines.map(([name, value]) => `    ${name}: ${optionText(value)}\n`);
      return `\nParameter Group ${number}\n${shown.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }

  /** `console.log(optimizer)` prints `toString()`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Gives a loaded group the switches that older versions did not save. */
  protected completed(group: ParamGroup<O>): ParamGroup<O> {
    const off: Record<string, boolean | null> = {};
    for (const [name, value] of Object.entries(this.defaults)) {
      if (name === 'foreach' || name === 'fused') off[name] = null;
      else if (typeof value === 'boolean') off[name] = false;
    }
    // The group is named first and last: first for the order of the names, which a file keeps, last for the values.
    return { ...group, ...off, ...group };
  }

  #closure(args: readonly unknown[]): (() => unknown) | null {
    const to = signature(`${definingClass(this, 'update')}.step`, ['self', 'closure'], 1);
    return (bind(to, [this, ...args])[1] ?? null) as (() => unknown) | null;
  }

  /** One step of some parameters of a group. */
  #stepGroup(group: ParamGroup<O>, params: readonly Tensor[]): void {
    const names = this.stateNames;
    checkNumbers(this.constructor.name, this.defaults, group);
    const counts = names[0] === 'step';
    if (counts && this.#hasRepeated(params)) {
      this.#stepRepeated(group, params);
      return;
    }
    rows.resize(params.length, names.length);
    for (let i = 0; i < params.length; i++) rows.fill(i, params[i]!, this.state.get(params[i]!), names);
    const { foreach, fused, capturable } = ownOf(group) as Switches;
    // Where the device counts the steps, asking for their number would wait for it.
    rows.inspect(counts && !fused && !capturable);
    let alike = rows.alike();
    if (alike.length === 0) return;
    if (this.#initialize(group, params, alike)) alike = rows.alike();
    const byDevice =
      alike.every(({ kind }) => kind & Kind.foreachByDefault) && (capturable === true || !isTensor(group.lr));
    const lists = (foreach ?? null) === null && (fused ?? null) === null ? byDevice : foreach;
    for (const some of alike) this.#play(group, params, some, fused ? 'fused' : lists ? 'foreach' : 'single');
  }

  #hasRepeated(params: readonly Tensor[]): boolean {
    const known = this.#unique;
    if (known.length === params.length && known.every((param, i) => param === params[i])) return false;
    if (new Set(params).size !== params.length) return true;
    this.#unique = [...params];
    return false;
  }

  /** Parameters that are listed twice take one step after the other. */
  #stepRepeated(group: ParamGroup<O>, params: readonly Tensor[]): void {
    const first = new Set(params);
    const again = [...params];
    for (const param of first) again.splice(again.indexOf(param), 1);
    this.#stepGroup(group, [...first]);
    this.#stepGroup(group, again);
  }

  /** Checks gradients, and makes the state of parameters that have none. Whether it made one. */
  #initialize(group: ParamGroup<O>, params: readonly Tensor[], alike: readonly Alike[]): boolean {
    const names = this.stateNames;
    let made = false;
    for (const { kind, present, rows: some } of alike) {
      if (kind & Kind.sparse && this.refusesSparse !== null) throw new TorchError(this.refusesSparse);
      const { fused, capturable } = ownOf(group) as Switches;
      if (fused && !(kind & Kind.fusible)) refuseFused(params[some[0]!]!);
      if (capturable && !fused) {
        for (const row of some) refuseUncapturable(params[row]!, this.state.get(params[row]!)?.step);
      }
      if (present !== 0 || this.initial === undefined) continue;
      for (const row of some) {
        const param = params[row]!;
        if (Object.keys(this.state.get(param) ?? {}).length > 0) continue;
        refuseNewState(this.constructor.name);
        const state = no_grad(() => this.initial!(param, group)) as ParamState;
        this.state.set(param, state);
        rows.fill(row, param, state, names);
        made = true;
      }
    }
    return made;
  }

  #play(group: ParamGroup<O>, params: readonly Tensor[], some: Alike, path: Path): void {
    const names = this.stateNames;
    let table = rows;
    if (some.rows.length !== rows.count) {
      part.take(rows, some.rows);
      table = part;
    }
    // Sparse gradients have no operators of lists.
    const { step, kind } = some;
    const complex = (kind & Kind.complex) !== 0;
    const sparse = (kind & Kind.sparse) !== 0;
    const update = (param: Tensor, grad: Tensor, state: State): void => {
      this.update({ param, grad, state, step: step + 1, complex, sparse, path }, group);
    };
    const lists = path !== 'single' && !sparse;
    const stored = play(this.constructor.name, names, update, table, some.present, lists);
    if (stored.length === 0) return;
    some.rows.forEach((row, i) => {
      const param = params[row]!;
      const state = { ...this.state.get(param) };
      for (const column of stored) state[names[column - STATE]!] = wrap(table.numbers[i * table.width + column]!);
      this.state.set(param, state);
    });
  }
}

function refuseFused(param: Tensor): never {
  throw new TorchError(
    '`fused=True` requires all the params to be floating point Tensors of supported devices: ' +
      `['mps', 'cuda', 'xpu', 'hpu', 'cpu', 'mtia'] but ${param.dtype} and ${param.device.type}`,
  );
}
