import { RemovableHandle } from '../../autograd/inside';
import { ours, typeName } from '../../core';

/** An ordered list of hooks, each with what was said of it. */
export class HookList<H, Options extends object = object> {
  // An entry of its own for each registration, so that one function registered twice is removed once. The list is
  // replaced, not changed: adding or removing while hooks run changes the next call.
  entries: readonly (Options & { readonly hook: H })[] = [];

  /** Adds a hook at the end, or before the others. */
  add(hook: H, options: Options, prepend = false): RemovableHandle {
    if (typeof hook !== 'function') throw new TypeError(`hook must be a function, not ${typeName(hook)}`);
    const entry = { ...options, hook };
    this.entries = prepend ? [entry, ...this.entries] : [...this.entries, entry];
    return new RemovableHandle(() => {
      this.entries = this.entries.filter((each) => each !== entry);
    }, ours);
  }

  /** Takes a function off, however often it is there. */
  remove(hook: H): void {
    this.entries = this.entries.filter((each) => each.hook !== hook);
  }

  /** A list of its own, with the same functions. */
  copy(): HookList<H, Options> {
    const copied = new HookList<H, Options>();
    copied.entries = this.entries.map((entry) => ({ ...entry }));
    return copied;
  }
}
