import { Module } from './module';
import { typename } from './text';

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/**
 * Modules in a list, so that they are found as submodules; it has no `forward` of its own.
 * They are named '0', '1', ….
 */
export class ModuleList<T extends Module = Module> extends Module implements Iterable<T> {
  constructor(modules: Iterable<T> = []) {
    super();
    this.extend(modules);
  }

  get length(): number {
    return this.ownModules().length;
  }

  /** The module at a position; negative ones count from the end. Throws RangeError outside. */
  get(index: number): T {
    const modules = [...this];
    const found = modules[index < 0 ? index + modules.length : index];
    if (found === undefined) throw new RangeError(`index ${index} is out of range`);
    return found;
  }

  /** Adds a module at the end. */
  append(module: T): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. Throws TypeError for what cannot be iterated. */
  extend(modules: Iterable<T>): this {
    if (typeof modules?.[Symbol.iterator] !== 'function') {
      throw new TypeError(
        `ModuleList.extend should be called with an iterable, but got ${typename(modules)}`,
      );
    }
    for (const module of modules) this.append(module);
    return this;
  }

  /** Puts a module at a position and moves the others up. */
  insert(index: number, module: T): this {
    const modules = [...this];
    modules.splice(index, 0, module);
    for (const [position, each] of modules.entries()) {
      Object.assign(this, { [String(position)]: each });
    }
    return this;
  }

  /** The modules in order. */
  *[Symbol.iterator](): Iterator<T> {
    for (const [, module] of this.ownModules()) yield module as T;
  }

  /** Like Python, shows equal neighbours once: `(0-1): 2 x Linear(…)`. */
  override toString(): string {
    const blocks: { first: number; last: number; text: string }[] = [];
    for (const [position, module] of [...this].entries()) {
      const text = module.toString();
      const block = blocks.at(-1);
      if (block?.text === text) block.last = position;
      else blocks.push({ first: position, last: position, text });
    }
    const { name } = this.constructor;
    if (blocks.length === 0) return `${name}()`;
    const lines = blocks.map(({ first, last, text }) =>
      first === last
        ? `(${first}): ${indented(text)}`
        : `(${first}-${last}): ${last - first + 1} x ${indented(text)}`,
    );
    return `${name}(\n  ${lines.join('\n  ')}\n)`;
  }
}
