import type { Arguments } from '../../../call';
import { KeyError } from '../../../native';
import { membersOf } from '../../module/members';
import { Module } from '../../module/module';
import { type ListSlice, positionIn, positionsOf, sliceOf } from './positions';

/** A module that is a list of its submodules: `list[0]`, `list.length`, `for (const module of list)`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: submodules are properties named by their positions
export abstract class ListOfModules<T extends Module | null> extends Module implements Iterable<T> {
  /** Number of modules (Python: `len`). */
  override get length(): number {
    return membersOf(this).modules.length;
  }

  /** Number of modules. */
  __len__(): number {
    return this.length;
  }

  /**
   * The module at a position, negative ones counting from the end; a list of the same class for a slice, `'1:3'`.
   *
   * @throws RangeError outside
   */
  get(index: number): T;
  get(slice: ListSlice): this;
  get(index: number | ListSlice): T | this {
    const slice = sliceOf(index);
    if (slice !== undefined) return this.sliced(positionsOf(this.length, slice));
    return membersOf(this).modules[positionIn(this.length, index as number)] as T;
  }

  /** The same as `get`. */
  __getitem__(index: number): T;
  __getitem__(slice: ListSlice): this;
  __getitem__(index: number | ListSlice): T | this {
    return this.get(index as number);
  }

  /**
   * Replaces the module at a position; it keeps the name.
   *
   * @throws RangeError outside
   */
  set(index: number, module: T): void {
    const [name] = membersOf(this).entries('module')[positionIn(this.length, index)]!;
    Object.assign(this, { [name]: module });
  }

  /** The same as `set`. */
  __setitem__(index: number, module: T): void {
    this.set(index, module);
  }

  /**
   * Takes the module at a position, or those of a slice, out; the others are named by their positions.
   *
   * @throws RangeError outside
   */
  __delitem__(index: number | ListSlice): void {
    const slice = sliceOf(index);
    const gone = slice === undefined ? [positionIn(this.length, index as number)] : positionsOf(this.length, slice);
    const rest = [...this].filter((_, position) => !gone.includes(position));
    membersOf(this).replaceModules(rest.map((module, position) => [String(position), module]));
  }

  /** Adds a module at the end, named by its position. */
  append(...args: Arguments<['module'], [module: T]>): this;
  append(module: T): this {
    this.add_module(String(this.length), module);
    return this;
  }

  /** Adds modules at the end. */
  abstract extend(modules: Iterable<T>): this;

  /** Puts a module at a position and moves the others up. */
  insert(...args: Arguments<['index', 'module'], [index: number, module: T]>): this;
  insert(index: number, module: T): this {
    const modules = new Map(membersOf(this).entries('module') as [string, T][]);
    // As in Python, which moves them by their names.
    for (let i = this.length; i > index; i--) {
      const moved = modules.get(String(i - 1));
      if (moved === undefined) throw new KeyError(String(i - 1));
      modules.set(String(i), moved);
    }
    membersOf(this).replaceModules(modules.set(String(index), module));
    return this;
  }

  /**
   * Takes the module at a position, or those of a slice, out and returns it; the others are named by their positions.
   *
   * @throws RangeError outside
   */
  pop(...args: Arguments<['key'], [key: number]>): T;
  pop(...args: Arguments<['key'], [key: ListSlice]>): this;
  pop(key: unknown): T | this {
    const taken = this.get(key as number);
    this.__delitem__(key as number);
    return taken;
  }

  /** The modules in order. */
  [Symbol.iterator](): Iterator<T> {
    return (membersOf(this).modules as readonly T[])[Symbol.iterator]();
  }

  /** A list of the same class with the modules at some positions. */
  protected abstract sliced(positions: readonly number[]): this;
}

/** The modules by position. */
export interface ListOfModules<T extends Module | null> {
  readonly [position: number]: T;
}
