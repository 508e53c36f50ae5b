import { RemovableHandle } from '../../autograd/inside';
import { ours } from '../../core';

/** Called before `forward`; what it returns, if anything, replaces the inputs. */
export type PreHook = (module: object, args: unknown[]) => unknown;

/** Called after `forward`; what it returns, if anything, replaces the output. */
export type Hook = (module: object, args: unknown[], output: unknown) => unknown;

/** An ordered list of hooks. */
class HookList<H> {
  // An entry of its own for each registration, so that one function registered twice is removed once. The list is
  // replaced, not changed: adding or removing while hooks run changes the next call.
  entries: readonly { hook: H }[] = [];

  add(hook: H, prepend: boolean): RemovableHandle {
    const entry = { hook };
    this.entries = prepend ? [entry, ...this.entries] : [...this.entries, entry];
    return new RemovableHandle(() => {
      this.entries = this.entries.filter((each) => each !== entry);
    }, ours);
  }

  copy(): HookList<H> {
    const copied = new HookList<H>();
    copied.entries = this.entries.map(({ hook }) => ({ hook }));
    return copied;
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

  /** Runs the hooks around `forward`. */
  around(forward: (inputs: unknown[]) => unknown, module: object, args: unknown[]): unknown {
    let inputs = args;
    for (const { hook } of this.before.entries) {
      const changed = hook(module, inputs);
      if (changed !== undefined && changed !== null) inputs = Array.isArray(changed) ? changed : [changed];
    }
    let output = forward(inputs);
    for (const { hook } of this.after.entries) output = hook(module, inputs, output) ?? output;
    return output;
  }
}
