import { enable_grad, no_grad } from '../autograd';
import { bind, definingClass, signature } from '../call';
import { ownOf } from '../core';
import { isTensor, keepAll, scope, type Tensor, wrap } from '../memory';
import { TorchError } from '../native';
import { checkCapture, refuseNewState, refuseUncapturable } from './capture';
import { checkGroup, checkNumbers, type GroupOptions } from './options';
import { Optimizer } from './optimizer';
import type { ParamGroup } from './param_groups';
import { play } from './recorder';
import { type Alike, Kind, Rows, STATE } from './rows';
import { counter, type ParamState } from './state';

/** Way to do an update: one parameter after the other, all at once, or by a fused kernel. */
export type Path = 'single' | 'foreach' | 'fused';

/** One update of parameters with the same number of steps and the same kinds of state. Its tensors are stand-ins. */
export interface Update<State> {
  param: Tensor;
  grad: Tensor;
  state: State;
  /** Number of this step, from 1. `state.step` has been moved to it. */
  step: number;
  /** Value of the state that `decisive` names. */
  value: number;
  /** Whether the parameters are complex. */
  complex: boolean;
  /** Whether the gradients are sparse. */
  sparse: boolean;
  /** Whether the gradients have two dimensions or more. */
  matrix: boolean;
  /** Whether they have more rows than columns. */
  tall: boolean;
  /** The first of the parameters. */
  first: Tensor;
  path: Path;
}

/** Options of a group that choose the path. */
interface Switches {
  readonly foreach?: boolean | null;
  readonly fused?: boolean | null;
  readonly capturable?: boolean;
  readonly differentiable?: boolean;
}

// Used again at each step; no step begins within another one's.
const rows = new Rows();
const part = new Rows();

/**
 * The base of torch's optimizers. A class of one says what it remembers (`stateNames`, `initial`) and how a step changes a
 * parameter (`update`), in the words and the order of PyTorch's own file; see `rmsprop.ts` for a short one.
 */
export abstract class TapedOptimizer<O extends GroupOptions, State extends object> extends Optimizer<O> {
  /** The last list of parameters that was found to have no repeated ones. */
  private unique: readonly Tensor[] = [];

  /** Names of the tensors of a parameter's state. `step` comes first where there is one. */
  protected abstract readonly stateNames: readonly string[];

  /** Message that refuses a sparse gradient; null where it is welcome. */
  protected abstract readonly refusesSparse: string | null;

  /** Message that refuses any other gradient; null where it is welcome. */
  protected readonly refusesDense: string | null = null;

  /** Message that refuses a complex parameter; null where it is welcome. */
  protected readonly refusesComplex: string | null = null;

  /** Name of the state whose value an update decides by. */
  protected readonly decisive: string | null = null;

  /** Bits of `Kind` that an update decides by, besides those that all do. */
  protected readonly kinds: number = 0;

  /** States that count, as `step` does: numbers in old files, and on the device where a step is `capturable`. */
  protected readonly counters: readonly string[] = ['step'];

  /** Whether they are on the parameter's device always. */
  protected readonly countsOnDevice: boolean = false;

  /** Whether Python names XLA among the devices that `capturable` works on. */
  protected readonly xla: boolean = true;

  /** What Python calls parameters and counters, where it asks for the devices that `capturable` works on. */
  protected readonly captured: string = 'params and state_steps';

  /** The state of a parameter before its first step; left out where updates make it. */
  protected initial?(param: Tensor, group: ParamGroup<O>): Partial<State>;

  /**
   * One step. Called with stand-ins for the tensors of many parameters, whose methods write down what is to be done: it
   * may decide by options and numbers, not by the elements of tensors. What it assigns to a state is kept. With sparse
   * gradients, and where autograd records the steps, it is called with the tensors themselves.
   */
  protected abstract update(registers: Update<State>, group: ParamGroup<O>): void;

  override step(): null;
  override step<T>(closure: () => T): T;
  override step<T>(keywords: { closure: () => T }): T;
  override step<T>(...args: unknown[]): T | null {
    const closure = args.length === 0 ? null : this.closure(args);
    checkCapture(this, this.defaults, this.param_groups);
    const loss = closure === null ? null : (enable_grad(closure) as T);
    for (const group of this.param_groups) {
      checkGroup(this.constructor.name, group);
      this.stepGroup(group, group.params);
    }
    return loss;
  }

  /** The closure among the arguments of `step`. */
  protected closure(args: readonly unknown[]): (() => unknown) | null {
    const to = signature(`${definingClass(this, 'update')}.step`, ['self', 'closure'], 1);
    return (bind(to, [this, ...args])[1] ?? null) as (() => unknown) | null;
  }

  /** Whether many parameters are updated at once where the group does not say, on devices where Python does so. */
  protected listsByDefault(_group: ParamGroup<O>): boolean {
    return true;
  }

  protected override completed(group: ParamGroup<O>): ParamGroup<O> {
    const off: Record<string, boolean | null> = {};
    for (const [name, value] of Object.entries(this.defaults)) {
      if (name === 'foreach' || name === 'fused') off[name] = null;
      else if (typeof value === 'boolean') off[name] = false;
    }
    // The group is named first and last: first for the order of the names, which a file keeps, last for the values.
    return { ...group, ...off, ...group };
  }

  protected override restored(group: ParamGroup<O>): void {
    if (this.stateNames[0] !== 'step') return;
    const { capturable = false, fused } = ownOf(group) as Switches;
    for (const param of group.params) {
      const state = this.state.get(param);
      if (state === undefined || Object.keys(state).length === 0) continue;
      for (const name of this.counters) {
        const value: unknown = state[name];
        if (typeof value === 'number')
          state[name] = counter(value, param, this.countsOnDevice || capturable || fused, fused);
      }
      keepAll(state);
    }
  }

  /** One step of some parameters of a group. */
  private stepGroup(group: ParamGroup<O>, params: readonly Tensor[]): void {
    const names = this.stateNames;
    checkNumbers(this.constructor.name, this.defaults, group);
    const counts = names[0] === 'step';
    if (counts && this.hasRepeated(params)) {
      this.stepRepeated(group, params);
      return;
    }
    const { foreach, fused, capturable, differentiable } = ownOf(group) as Switches;
    rows.resize(params.length, names.length);
    for (let i = 0; i < params.length; i++) rows.fill(i, params[i]!, this.state.get(params[i]!), names);
    // Where the device counts the steps, asking for their number would wait for it.
    const decisive = this.decisive === null || capturable ? -1 : names.indexOf(this.decisive);
    rows.inspect(counts && !fused && !capturable, decisive);
    let alike = rows.alike(this.kinds);
    if (alike.length === 0) return;
    if (this.initialize(group, params, alike)) {
      if (decisive >= 0) rows.inspect(counts && !fused && !capturable, decisive);
      alike = rows.alike(this.kinds);
    }
    const byDevice = alike.every(({ kind }) => kind & Kind.foreachByDefault) && this.listsByDefault(group);
    const unsaid = (foreach ?? null) === null && (fused ?? null) === null;
    const lists = unsaid ? byDevice && !differentiable : foreach;
    for (const some of alike) {
      if (differentiable || some.kind & Kind.sparse) this.stepEach(group, params, some);
      else this.play(group, params, some, fused ? 'fused' : lists ? 'foreach' : 'single');
    }
  }

  private hasRepeated(params: readonly Tensor[]): boolean {
    const known = this.unique;
    if (known.length === params.length && known.every((param, i) => param === params[i])) return false;
    if (new Set(params).size !== params.length) return true;
    this.unique = [...params];
    return false;
  }

  /** Parameters that are listed twice take one step after the other. */
  private stepRepeated(group: ParamGroup<O>, params: readonly Tensor[]): void {
    const first = new Set(params);
    const again = [...params];
    for (const param of first) again.splice(again.indexOf(param), 1);
    this.stepGroup(group, [...first]);
    this.stepGroup(group, again);
  }

  /** Checks gradients, and makes the state of parameters that have none. Whether it made one. */
  private initialize(group: ParamGroup<O>, params: readonly Tensor[], alike: readonly Alike[]): boolean {
    const names = this.stateNames;
    const { foreach, fused, capturable } = ownOf(group) as Switches;
    let made = false;
    for (const { kind, present, rows: some } of alike) {
      if (kind & Kind.complex && this.refusesComplex !== null) throw new TorchError(this.refusesComplex);
      if (kind & Kind.sparse && this.refusesSparse !== null) throw new TorchError(this.refusesSparse);
      if (!(kind & Kind.sparse) && this.refusesDense !== null) throw new TorchError(this.refusesDense);
      if (fused && !(kind & Kind.fusible)) refuseFused(params[some[0]!]!);
      if (capturable && !fused) {
        for (const row of some) {
          const state = this.state.get(params[row]!);
          const counters = this.counters.map((name) => state?.[name]);
          refuseUncapturable(params[row]!, counters, this.captured, this.xla && foreach !== true);
        }
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

  private play(group: ParamGroup<O>, params: readonly Tensor[], some: Alike, path: Path): void {
    const names = this.stateNames;
    let table = rows;
    if (some.rows.length !== rows.count) {
      part.take(rows, some.rows);
      table = part;
    }
    const about = this.about(params, some, path);
    const update = (param: Tensor, grad: Tensor, state: State): void => {
      this.update({ param, grad, state, ...about }, group);
    };
    const stored = play(this.constructor.name, names, update, table, some.present, path !== 'single');
    if (stored.length === 0) return;
    some.rows.forEach((row, i) => {
      const param = params[row]!;
      const state = { ...this.state.get(param) };
      for (const column of stored) state[names[column - STATE]!] = wrap(table.numbers[i * table.width + column]!);
      this.state.set(param, state);
    });
  }

  private about(params: readonly Tensor[], some: Alike, path: Path): Omit<Update<State>, 'param' | 'grad' | 'state'> {
    const { kind, step, value } = some;
    const is = (bit: number) => (kind & bit) !== 0;
    return {
      step: step + 1,
      value,
      complex: is(Kind.complex),
      sparse: is(Kind.sparse),
      matrix: is(Kind.matrix),
      tall: is(Kind.tall),
      first: params[some.rows[0]!]!,
      path,
    };
  }

  /** One parameter after the other, with the tensors themselves. As in Python the defaults say whether autograd records. */
  private stepEach(group: ParamGroup<O>, params: readonly Tensor[], some: Alike): void {
    const about = this.about(params, some, 'single');
    const mode = (this.defaults as Switches).differentiable ? enable_grad : no_grad;
    for (const row of some.rows) {
      const param = params[row]!;
      const state = this.state.get(param) ?? {};
      scope(() => {
        mode(() => {
          if (isTensor(state.step)) state.step.add_(1);
          this.update({ param, grad: param.grad!, state: state as State, ...about }, group);
        });
        return state;
      });
      if (Object.keys(state).length > 0) this.state.set(param, state);
    }
  }
}

function refuseFused(param: Tensor): never {
  throw new TorchError(
    '`fused=True` requires all the params to be floating point Tensors of supported devices: ' +
      `['mps', 'cuda', 'xpu', 'hpu', 'cpu', 'mtia', 'privateuseone'] but ${param.dtype} and ${param.device.type}`,
  );
}
