import type { RemovableHandle } from '../../autograd/inside';
import { isKeywords } from '../../call';
import { valueText, warn } from '../../core';
import { TorchError } from '../../native';
import { BackwardHook, type BackwardPreUserHook, type BackwardUserHook, watchNode } from './backward_hooks';
import { HookList } from './hook_list';

/** Called before `forward`; what it returns, if anything, replaces the inputs. */
export type PreHook = (module: object, args: unknown[], kwargs?: object) => unknown;

/** Called after `forward`; what it returns, if anything, replaces the output. */
export type Hook = (module: object, args: unknown[], ...rest: unknown[]) => unknown;

/** How a forward hook is called. */
export interface ForwardHookOptions {
  readonly with_kwargs: boolean;
  readonly always_call: boolean;
}

type Entry<H> = ForwardHookOptions & { readonly hook: H };

/** Hooks around a module's `forward`, and around its backward pass. */
export class ModuleHooks {
  before = new HookList<PreHook, ForwardHookOptions>();
  after = new HookList<Hook, ForwardHookOptions>();
  backwardBefore = new HookList<BackwardPreUserHook>();
  backward = new HookList<BackwardUserHook>();
  /** Whether the backward hooks are full ones; null before the first. */
  full: boolean | null = null;

  /** Hooks of their own, with the same functions. */
  copy(): ModuleHooks {
    const copied = new ModuleHooks();
    copied.before = this.before.copy();
    copied.after = this.after.copy();
    copied.backwardBefore = this.backwardBefore.copy();
    copied.backward = this.backward.copy();
    copied.full = this.full;
    return copied;
  }

  /** Number of hooks. */
  get count(): number {
    const { before, after, backwardBefore, backward } = this;
    return before.entries.length + after.entries.length + backwardBefore.entries.length + backward.entries.length;
  }

  /**
   * Adds a backward hook, a full one or one of the old kind.
   *
   * @throws TorchError where there are some of the other kind; `place` says where
   */
  addBackward(hook: BackwardUserHook, full: boolean, place: string, prepend = false): RemovableHandle {
    if (this.full === !full) {
      throw new TorchError(
        `Cannot use both regular backward hooks and full backward hooks ${place}. Please use only one of them.`,
      );
    }
    this.full = full;
    return this.backward.add(hook, {}, prepend);
  }
}

/** The hooks of all modules. */
export const globalHooks = new ModuleHooks();

/** Whether there are any: what every call of a module asks. */
export const anyGlobal = { hooks: false };

const NO_HOOKS = new ModuleHooks();

/** One call of a module with hooks, as far as it has come. */
interface Call {
  readonly module: object;
  args: unknown[];
  kwargs: object;
  output: unknown;
}

function runPreHook({ hook, with_kwargs }: Entry<PreHook>, call: Call): void {
  if (!with_kwargs) {
    const changed = hook(call.module, call.args);
    if (changed !== undefined && changed !== null) call.args = Array.isArray(changed) ? changed : [changed];
    return;
  }
  const changed = hook(call.module, call.args, call.kwargs);
  if (changed === undefined || changed === null) return;
  if (!Array.isArray(changed) || changed.length !== 2) {
    throw new TorchError(
      `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${valueText(changed)}.`,
    );
  }
  [call.args, call.kwargs] = changed as [unknown[], object];
}

function runHook({ hook, with_kwargs }: Entry<Hook>, call: Call): void {
  const { module, args, kwargs, output } = call;
  call.output = (with_kwargs ? hook(module, args, kwargs, output) : hook(module, args, output)) ?? output;
}

/** Runs a hook although the call has failed; what it throws itself is no news any more. */
function runAnyway(entry: Entry<Hook>, call: Call, whose: string): void {
  try {
    runHook(entry, call);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    warn(
      `${whose} forward hook with \`\`always_call=True\`\` raised an exception that was silenced as another error was raised in forward: ${text}`,
    );
  }
}

/** The backward hooks of a kind, those of all modules first. */
function backwardOf(hooks: ModuleHooks, full: boolean): BackwardUserHook[] {
  return [globalHooks, hooks].flatMap((each) =>
    each.full === full ? each.backward.entries.map(({ hook }) => hook) : [],
  );
}

function runAll(hooks: ModuleHooks, call: Call, forward: (inputs: unknown[]) => unknown, run: Set<unknown>): void {
  const full = backwardOf(hooks, true);
  const old = backwardOf(hooks, false);
  const pre = [globalHooks, hooks].flatMap((each) => each.backwardBefore.entries.map(({ hook }) => hook));
  for (const each of [globalHooks, hooks]) for (const entry of each.before.entries) runPreHook(entry, call);
  const backward = full.length + pre.length > 0 ? new BackwardHook(call.module, full, pre) : null;
  if (backward !== null) call.args = backward.onInputs(call.args);
  const { args, kwargs } = call;
  call.output = forward(Object.keys(kwargs).length > 0 ? [...args, kwargs] : args);
  for (const each of [globalHooks, hooks]) {
    for (const entry of each.after.entries) {
      run.add(entry);
      runHook(entry, call);
    }
  }
  if (backward !== null) call.output = backward.onOutput(call.output);
  if (old.length > 0) watchNode(call.module, old, call.args, call.output);
}

/**
 * Runs the hooks around `forward`.
 *
 * A trailing object of the inputs is the call's keywords, unless it stands for one of the first `required` parameters.
 */
export function callWithHooks(
  own: ModuleHooks | null,
  forward: (inputs: unknown[]) => unknown,
  module: object,
  inputs: unknown[],
  required: number,
): unknown {
  const hooks = own ?? NO_HOOKS;
  const last = inputs[inputs.length - 1];
  const keyed = inputs.length > required && isKeywords(last);
  const [args, kwargs] = keyed ? [inputs.slice(0, -1), last] : [inputs, {}];
  const call: Call = { module, args, kwargs, output: null };
  const run = new Set<unknown>();
  try {
    runAll(hooks, call, forward, run);
  } catch (error) {
    for (const each of [globalHooks, hooks]) {
      const whose = each === globalHooks ? 'global module' : 'module';
      for (const entry of each.after.entries) if (entry.always_call && !run.has(entry)) runAnyway(entry, call, whose);
    }
    throw error;
  }
  return call.output;
}
