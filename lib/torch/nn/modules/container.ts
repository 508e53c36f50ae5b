import { typeName } from '../../core/text';
import { Module } from '../module/module';

/** Throws RangeError outside the list; negative positions count from the end. */
function positionIn(length: number, index: number): number {
  const position = index < 0 ? index + length : index;
  if (!Number.isInteger(index) || position < 0 || position >= length) {
    throw new RangeError(`index ${index} is out of range`);
  }
  return position;
}

/**
 * A module that is a list of modules. They are kept in a Map rather than in properties, because
 * JavaScript lists properties named like numbers before all others, whatever their order.
 */
export abstract class Container<T extends Module> extends Module implements Iterable<T> {
  readonly #items = new Map<string, T>();

  /** How many modules there are (Python: `len`). */
  get length(): number {
    return this.#items.size;
  }

  /** The module at a position; negative ones count from the end. Throws RangeError outside. */
  get(index: number): T {
    return [...this][positionIn(this.length, index)]!;
  }

  /** Replaces the module at a position; it keeps the name. Throws RangeError outside. */
  set(index: number, module: T): void {
    this.add_module([...this.#items.keys()][positionIn(this.length, index)]!, module);
  }

  /** Adds a module at the end, named by its position. */
  append(module: T): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. Throws TypeError for what cannot be iterated. */
  extend(modules: Iterable<T>): this {
    if (typeof modules?.[Symbol.iterator] !== 'function') {
      throw new TypeError(
        `${this.constructor.name}.extend should be called with an iterable, but got ${typeName(modules)}`,
      );
    }
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** Puts a module at a position and moves the others up. */
  insert(index: number, module: T): this {
    const modules = [...this];
    modules.splice(index, 0, module);
    for (const [position, each] of modules.entries()) this.add_module(String(position), each);
    return this;
  }

  /** The modules in order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#items.values();
  }

  override ownModules(): [string, Module][] {
    return [...this.#items, ...super.ownModules()];
  }

  protected override findModule(name: string): Module | undefined {
    return this.#items.get(name);
  }

  protected override storeModule(name: string, module: Module | null): void {
    if (module === null) throw new TypeError('null is not a Module subclass');
    this.#items.set(name, module as T);
  }
}
