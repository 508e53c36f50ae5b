/** Hooks of optimizers: functions that are called around their steps, and around their state dicts. */
import { RemovableHandle } from '../autograd/inside';
import { isKeywords, type MethodArguments, pythonFunction } from '../call';
import { detached, ours, valueText } from '../core';
import { TorchError } from '../native';

/** Called before a step; what it returns, if anything, replaces the step's arguments. `args` begins with the optimizer. */
export type StepPreHook<Self> = (optimizer: Self, args: unknown[], kwargs: Record<string, unknown>) => unknown;

/** Called after a step. */
export type StepPostHook<Self> = (optimizer: Self, args: unknown[], kwargs: Record<string, unknown>) => void;

/** An ordered list of hooks. */
class HookList<Hook> {
  // The list is replaced, not changed: adding or removing while hooks run changes the next call.
  entries: readonly { readonly hook: Hook }[] = [];

  add(hook: Hook, prepend = false): RemovableHandle {
    if (typeof hook !== 'function') throw new TypeError(`a hook must be a function, but got ${valueText(hook)}`);
    const entry = { hook };
    this.entries = prepend ? [entry, ...this.entries] : [...this.entries, entry];
    return new RemovableHandle(() => {
      this.entries = this.entries.filter((each) => each !== entry);
    }, ours);
  }
}

type Any = (...args: never[]) => unknown;

/** The hooks of one optimizer. */
class Hooks {
  readonly beforeStep = new HookList<Any>();
  readonly afterStep = new HookList<Any>();
  readonly beforeSaving = new HookList<Any>();
  readonly afterSaving = new HookList<Any>();
  readonly beforeLoading = new HookList<Any>();
  readonly afterLoading = new HookList<Any>();
}

// Not a property: as in Python a copy of an optimizer has no hooks.
const hooksByOptimizer = new WeakMap<Hooked, Hooks>();

function hooksOf(self: Hooked): Hooks {
  let hooks = hooksByOptimizer.get(self);
  if (hooks === undefined) {
    hooks = new Hooks();
    hooksByOptimizer.set(self, hooks);
  }
  return hooks;
}

const everyBefore = new HookList<Any>();
const everyAfter = new HookList<Any>();

/** Registers a hook that is called before each step of any optimizer, before its own hooks. */
export const register_optimizer_step_pre_hook = pythonFunction(
  'register_optimizer_step_pre_hook',
  ['hook'],
  (hook: StepPreHook<object>): RemovableHandle => everyBefore.add(hook),
);

/** Registers a hook that is called after each step of any optimizer, after its own hooks. */
export const register_optimizer_step_post_hook = pythonFunction(
  'register_optimizer_step_post_hook',
  ['hook'],
  (hook: StepPostHook<object>): RemovableHandle => everyAfter.add(hook),
);

/** How a method is called that registers a hook on one of the lists. */
const registering = (name: string, list: keyof Hooks) =>
  pythonFunction(
    `Optimizer.${name}`,
    ['self', 'hook', 'prepend'],
    (self: Hooked, hook: Any, prepend: boolean = false): RemovableHandle => hooksOf(self)[list].add(hook, prepend),
  );
const registeringStep = (name: string, list: keyof Hooks) =>
  pythonFunction(
    `Optimizer.${name}`,
    ['self', 'hook'],
    (self: Hooked, hook: Any): RemovableHandle => hooksOf(self)[list].add(hook),
  );

const stepPre = registeringStep('register_step_pre_hook', 'beforeStep');
const stepPost = registeringStep('register_step_post_hook', 'afterStep');
const savePre = registering('register_state_dict_pre_hook', 'beforeSaving');
const savePost = registering('register_state_dict_post_hook', 'afterSaving');
const loadPre = registering('register_load_state_dict_pre_hook', 'beforeLoading');
const loadPost = registering('register_load_state_dict_post_hook', 'afterLoading');

/** What registers hooks. */
export class Hooked {
  /**
   * Registers a hook that is called before each step: `hook(optimizer, args, kwargs)`, where `args` begins with the
   * optimizer; `[new_args, new_kwargs]` that it returns takes their place.
   */
  register_step_pre_hook(hook: StepPreHook<this>): RemovableHandle;
  register_step_pre_hook(keywords: { hook: StepPreHook<never> }): RemovableHandle;
  register_step_pre_hook(...args: unknown[]): RemovableHandle {
    return stepPre(this, ...(args as MethodArguments<typeof stepPre>));
  }

  /** Registers a hook that is called after each step: `hook(optimizer, args, kwargs)`. */
  register_step_post_hook(hook: StepPostHook<this>): RemovableHandle;
  register_step_post_hook(keywords: { hook: StepPostHook<never> }): RemovableHandle;
  register_step_post_hook(...args: unknown[]): RemovableHandle {
    return stepPost(this, ...(args as MethodArguments<typeof stepPost>));
  }

  /** Registers `hook(optimizer)`, called before `state_dict` looks at the state; `prepend` puts it before the others. */
  register_state_dict_pre_hook(hook: (optimizer: this) => void, prepend?: boolean | Prepend): RemovableHandle;
  register_state_dict_pre_hook(...args: unknown[]): RemovableHandle {
    return savePre(this, ...(args as MethodArguments<typeof savePre>));
  }

  /** Registers `hook(optimizer, state_dict)`, called before a state dict is given away; one that it returns takes its place. */
  register_state_dict_post_hook(
    hook: (optimizer: this, state_dict: never) => unknown,
    prepend?: boolean | Prepend,
  ): RemovableHandle;
  register_state_dict_post_hook(...args: unknown[]): RemovableHandle {
    return savePost(this, ...(args as MethodArguments<typeof savePost>));
  }

  /** Registers `hook(optimizer, state_dict)`, called before a state dict is loaded; one that it returns takes its place. */
  register_load_state_dict_pre_hook(
    hook: (optimizer: this, state_dict: never) => unknown,
    prepend?: boolean | Prepend,
  ): RemovableHandle;
  register_load_state_dict_pre_hook(...args: unknown[]): RemovableHandle {
    return loadPre(this, ...(args as MethodArguments<typeof loadPre>));
  }

  /** Registers `hook(optimizer)`, called when a state dict has been loaded. */
  register_load_state_dict_post_hook(hook: (optimizer: this) => void, prepend?: boolean | Prepend): RemovableHandle;
  register_load_state_dict_post_hook(...args: unknown[]): RemovableHandle {
    return loadPost(this, ...(args as MethodArguments<typeof loadPost>));
  }
}

/** `prepend` by keyword. */
interface Prepend {
  prepend?: boolean;
}

type Step = (this: Hooked, ...args: unknown[]) => unknown;

/** Steps that run hooks. */
const hooked = new WeakSet<Step>();

/** A step between its hooks. */
function around(step: Step, self: Hooked, given: readonly unknown[]): unknown {
  const { beforeStep, afterStep } = hooksOf(self);
  const before = [...everyBefore.entries, ...beforeStep.entries];
  const last = given[given.length - 1];
  let args: unknown[] = [self, ...(isKeywords(last) ? given.slice(0, -1) : given)];
  let kwargs: object = isKeywords(last) ? last : {};
  for (const { hook } of before) {
    const changed = (hook as StepPreHook<Hooked>)(self, args, kwargs as Record<string, unknown>) ?? null;
    if (changed === null) continue;
    if (!Array.isArray(changed) || changed.length !== 2) {
      throw new TorchError(
        `${self.constructor.name}.step must return None or a tuple of (new_args, new_kwargs), but got ${valueText(changed)}.`,
      );
    }
    [args, kwargs] = changed as [unknown[], object];
  }
  const rest = args.slice(1);
  const result = step.apply(self, Object.keys(kwargs).length > 0 ? [...rest, kwargs] : rest);
  for (const { hook } of [...afterStep.entries, ...everyAfter.entries]) {
    (hook as StepPostHook<Hooked>)(self, args, kwargs as Record<string, unknown>);
  }
  return result;
}

/**
 * Lets the step of an optimizer's class run hooks, that of a user's class too. As in Python a class gets such a step when
 * the first of its optimizers is made, unless it inherits one.
 */
export function hookStep(optimizer: Hooked & { step: unknown }): void {
  const step = optimizer.step as Step;
  if (typeof step !== 'function' || hooked.has(step)) return;
  const value: Step = function (...args) {
    if (this === undefined) throw detached('optimizer', 'step');
    const { beforeStep, afterStep } = hooksOf(this);
    const any = beforeStep.entries.length + afterStep.entries.length + everyBefore.entries.length;
    return any + everyAfter.entries.length === 0 ? step.apply(this, args) : around(step, this, args);
  };
  hooked.add(value);
  Object.defineProperty(value, 'name', { value: 'step' });
  Object.defineProperty(value, 'length', { value: step.length });
  Object.defineProperty(Object.getPrototypeOf(optimizer), 'step', { value, configurable: true, writable: true });
}

type Saved<Self> = (optimizer: Self, state_dict: object) => unknown;

/** Saving between its hooks. */
export function saveWithHooks<Dict extends object>(self: Hooked, save: () => Dict): Dict {
  const { beforeSaving, afterSaving } = hooksOf(self);
  for (const { hook } of beforeSaving.entries) (hook as (optimizer: Hooked) => void)(self);
  let state_dict = save();
  for (const { hook } of afterSaving.entries) {
    state_dict = ((hook as Saved<Hooked>)(self, state_dict) ?? state_dict) as Dict;
  }
  return state_dict;
}

/** Loading between its hooks; they get a copy of the dict that may be changed. */
export function loadWithHooks<Dict extends object>(self: Hooked, given: Dict, load: (state_dict: Dict) => void): void {
  const { beforeLoading, afterLoading } = hooksOf(self);
  let state_dict = { ...given };
  for (const { hook } of beforeLoading.entries) {
    state_dict = ((hook as Saved<Hooked>)(self, state_dict) ?? state_dict) as Dict;
  }
  load(state_dict);
  for (const { hook } of afterLoading.entries) (hook as (optimizer: Hooked) => void)(self);
}
