import type { Arguments } from '../../../call';
import { typeName } from '../../../core';
import { membersOf } from '../../module/members';
import { Module } from '../../module/module';
import { KeyError } from '../../../native';

/** Throws RangeError outside the list; negative positions count from the end. */
function positionIn(length: number, index: number): number {
  const position = index < 0 ? index + length : index;
  if (!Number.isInteger(index) || position < 0 || position >= length) {
    throw new RangeError(`index ${index} is out of range`);
  }
  return position;
}

/** A module that is a list of its submodules: `list[0]`, `list.length`, `for (const module of list)`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: submodules are properties named by their positions
export abstract class Container<T extends Module | null> extends Module implements Iterable<T> {
  /** Number of modules (Python: `len`). */
  override get length(): number {
    return membersOf(this).modules.length;
  }

  /**
   * The module at a position; negative ones count from the end.
   *
   * @throws RangeError outside
   */
  get(index: number): T {
    return membersOf(this).modules[positionIn(this.length, index)] as T;
  }

  /**
   * Replaces the module at a position; it keeps the name.
   *
   * @throws RangeError outside
   */
  set(index: number, module: T): void {
    this.add_module(membersOf(this).entries('module')[positionIn(this.length, index)]![0], module);
  }

  /** Adds a module at the end, named by its position. */
  append(...args: Arguments<['module'], [module: T]>): this;
  append(module: T): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /**
   * Adds modules at the end.
   *
   * @throws TypeError for what cannot be iterated
   */
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
  insert(...args: Arguments<['index', 'module'], [index: number, module: T]>): this;
  insert(index: number, module: T): this {
    const modules = [...this];
    // As in Python, which moves them by their names.
    for (let i = this.length - 1; i >= (index < 0 ? index + this.length : index); i--) {
      if (membersOf(this).kindOf(String(i)) !== 'module') throw new KeyError(String(i));
    }
    modules.splice(index, 0, module);
    for (const [position, each] of modules.entries()) this.add_module(String(position), each);
    return this;
  }

  /**
   * Takes the module at a position out and returns it; those behind move down, and all are named by their positions.
   *
   * @throws RangeError outside
   */
  pop(...args: Arguments<['key'], [key: number]>): T;
  pop(key: number): T {
    const modules = [...this];
    const [taken] = modules.splice(positionIn(modules.length, key), 1);
    for (const [name] of membersOf(this).entries('module')) Reflect.deleteProperty(this, name);
    this.extend(modules);
    return taken as T;
  }

  /** The modules in order. */
  [Symbol.iterator](): Iterator<T> {
    return (membersOf(this).modules as readonly T[])[Symbol.iterator]();
  }
}

/** The modules by position. */
export interface Container<T extends Module | null> {
  readonly [position: number]: T;
}
