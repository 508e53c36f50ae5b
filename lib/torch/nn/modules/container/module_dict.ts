import { type Arguments, bind, pythonMethods, signature } from '../../../call';
import { entriesOf, typeName } from '../../../core';
import { KeyError } from '../../../native';
import { membersOf } from '../../module/members';
import { Module } from '../../module/module';
import { pairsOf } from './pairs';

/** Modules by name: an object, a Map, a ModuleDict or a list of pairs. */
export type NamedModules<T> =
  | Readonly<Record<string, T>>
  | ReadonlyMap<string, T>
  | ModuleDict<T extends Module ? T : Module>
  | Iterable<readonly [string, T]>;

const parameters = signature('ModuleDict.__init__', ['self', 'modules{}'], 1);

/**
 * Modules by name, so that they are found as submodules; it has no `forward` of its own. Its iterator gives the names.
 *
 * @example
 * const choices = new nn.ModuleDict({ conv: new nn.Conv2d(10, 10, 3), pool: new nn.MaxPool2d(3) });
 * choices.get('conv')(x);
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
 */
export class ModuleDict<T extends Module = Module> extends Module implements Iterable<string> {
  static {
    pythonMethods(this.prototype, 'ModuleDict', {
      clear: [],
      pop: ['key'],
      keys: [],
      items: [],
      values: [],
      update: ['modules{}'],
      __getitem__: ['key'],
      __setitem__: ['key', 'module'],
      __delitem__: ['key'],
      __contains__: ['key'],
      __len__: [],
    });
  }

  constructor(...args: Arguments<['modules{}'], [modules?: NamedModules<T> | null]>) {
    const [, modules] = bind(parameters, [null, ...args]);
    super();
    if (modules !== undefined && modules !== null) this.update(modules as NamedModules<T>);
  }

  /** Number of modules (Python: `len`). */
  override get length(): number {
    return membersOf(this).modules.length;
  }

  /** Number of modules. */
  __len__(): number {
    return this.length;
  }

  /**
   * The module of a name.
   *
   * @throws KeyError where there is none
   */
  get(key: string): T {
    return this.__getitem__(key);
  }

  /** The same as `get`. */
  __getitem__(key: string): T {
    if (!this.__contains__(key)) throw new KeyError(String(key));
    return (this as unknown as Record<string, T>)[key]!;
  }

  /** Adds a module, or replaces that of the name. */
  set(key: string, module: T): void {
    this.__setitem__(key, module);
  }

  /** The same as `set`. */
  __setitem__(key: string, module: T): void {
    this.add_module(key, module);
  }

  /**
   * Takes a module out.
   *
   * @throws KeyError where there is none
   */
  __delitem__(key: string): void {
    this.__getitem__(key);
    Reflect.deleteProperty(this, key);
  }

  /** Whether there is a module of this name (Python: `key in modules`). */
  __contains__(key: string): boolean {
    return membersOf(this).kindOf(key) === 'module';
  }

  /** Takes all modules out. */
  clear(): void {
    membersOf(this).replaceModules([]);
  }

  /**
   * Takes a module out and returns it.
   *
   * @throws KeyError where there is none
   */
  pop(key: string): T {
    const taken = this.__getitem__(key);
    this.__delitem__(key);
    return taken;
  }

  /** The names in order. */
  keys(): string[] {
    return membersOf(this)
      .entries('module')
      .map(([name]) => name);
  }

  /** Names and modules in order. */
  items(): [string, T][] {
    return membersOf(this).entries('module') as [string, T][];
  }

  /** The modules in order. */
  values(): T[] {
    return [...membersOf(this).modules] as T[];
  }

  /**
   * Adds modules, and replaces those whose names are there. An object's names that look like numbers come first; a Map
   * keeps its order.
   *
   * @throws TypeError for what is no dict and no list of pairs
   */
  update(modules: NamedModules<T>): void {
    if (modules instanceof ModuleDict) {
      for (const [name, module] of modules.items()) this.set(name, module as T);
      return;
    }
    const entries = entriesOf(modules);
    if (entries === undefined && typeof (modules as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function') {
      throw new TypeError(
        `ModuleDict.update should be called with an iterable of key/value pairs, but got ${typeName(modules)}`,
      );
    }
    const pairs = entries ?? pairsOf('ModuleDict', modules as Iterable<unknown>);
    for (const [name, module] of pairs) this.set(name, module as T);
  }

  /** The names in order. */
  [Symbol.iterator](): Iterator<string> {
    return this.keys()[Symbol.iterator]();
  }
}
