import { RemovableHandle } from '../../autograd/inside';
import { isKeywords } from '../../call';
import { ours, valueText, warn } from '../../core';
import { TorchError } from '../../native';

/** Called before `forward`; what it returns, if anything, replaces the inputs. */
export type PreHook = (module: object, args: unknown[], kwargs?: object) => unknown;

/** Called after `forward`; what it returns, if anything, replaces the output. */
export type Hook = (module: object, args: unknown[], ...rest: unknown[]) => unknown;

interface Entry<H> {
  readonly hook: H;
  readonly with_kwargs: boolean;
  readonly always_call: boolean;
}

/** An ordered list of hooks. */
class HookList<H> {
  // An entry of its own for each registration, so that one function registered twice is removed once. The list is
  // replaced, not changed: adding or removing while hooks run changes the next call.
  entries: readonly Entry<H>[] = [];

  add(hook: H, prepend: boolean, with_kwargs: boolean, always_call = false): RemovableHandle {
    const entry = { hook, with_kwargs, always_call };
    this.entries = prepend ? [entry, ...this.entries] : [...this.entries, entry];
    return new RemovableHandle(() => {
      this.entries = this.entries.filter((each) => each !== entry);
    }, ours);
  }

  copy(): HookList<H> {
    const copied = new HookList<H>();
    copied.entries = this.entries.map((entry) => ({ ...entry }));
    return copied;
  }
}

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
function runAnyway(entry: Entry<Hook>, call: Call): void {
  try {
    runHook(entry, call);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    warn(
      `module forward hook with \`\`always_call=True\`\` raised an exception that was silenced as another error was raised in forward: ${text}`,
    );
  }
}

/** Hooks around a module's `forward`. */
export class ModuleHooks {
  before = new HookList<PreHook>();
  after = new HookList<Hook>();

  /** Hooks of their own, with the same functions. */
  copy(): ModuleHooks {
    const copied = new ModuleHooks();
    copied.before = this.before.copy();
    copied.after = this.after.copy();
    return copied;
  }

  /**
   * Runs the hooks around `forward`.
   *
   * A trailing object of the inputs is the call's keywords, unless it stands for one of the first `required` parameters.
   */
  around(forward: (inputs: unknown[]) => unknown, module: object, inputs: unknown[], required: number): unknown {
    const last = inputs[inputs.length - 1];
    const keyed = inputs.length > required && isKeywords(last);
    const [args, kwargs] = keyed ? [inputs.slice(0, -1), last] : [inputs, {}];
    const call: Call = { module, args, kwargs, output: null };
    const run = new Set<Entry<Hook>>();
    try {
      for (const entry of this.before.entries) runPreHook(entry, call);
      const { args, kwargs } = call;
      call.output = forward(Object.keys(kwargs).length > 0 ? [...args, kwargs] : args);
      for (const entry of this.after.entries) {
        run.add(entry);
        runHook(entry, call);
      }
    } catch (error) {
      for (const entry of this.after.entries) if (entry.always_call && !run.has(entry)) runAnyway(entry, call);
      throw error;
    }
    return call.output;
  }
}
