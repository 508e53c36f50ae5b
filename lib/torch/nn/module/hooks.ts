import { RemovableHandle } from '../../autograd/hooks';
import { ours } from '../../core/ours';

/** An ordered list of hooks. */
export class HookList<H> {
  // An entry of its own for each registration, so that one function registered twice is removed once.
  #entries: readonly { hook: H }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** The hooks as they are now: adding or removing while they run changes the next call. */
  get all(): readonly H[] {
    return this.#entries.map((entry) => entry.hook);
  }

  add(hook: H, prepend: boolean): RemovableHandle {
    const entry = { hook };
    this.#entries = prepend ? [entry, ...this.#entries] : [...this.#entries, entry];
    return new RemovableHandle(() => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    }, ours);
  }
}
