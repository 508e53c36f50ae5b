/** Values as they are while a pickle is read: what Python has and JavaScript has not, and what may still change. */

/** A dict, an OrderedDict or a Counter. */
export class PyDict {
  readonly entries = new Map<unknown, unknown>();
  /** What Python keeps in the object's own `__dict__`, such as a state dict's `_metadata`. */
  attributes: PyDict | undefined;

  constructor(readonly kind: 'dict' | 'OrderedDict' | 'Counter') {}
}

/** A list. */
export class PyList {
  constructor(readonly items: unknown[] = []) {}
}

/** A tuple. */
export class PyTuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** A set. */
export class PySet {
  readonly items = new Set<unknown>();
}

/** A bytearray, which unlike bytes can change. */
export class PyByteArray {
  constructor(readonly bytes: Uint8Array) {}
}

/** A value of JavaScript that is what it is. */
export class Made {
  constructor(readonly value: unknown) {}
}

/** A class or function that a pickle may name. */
export interface Global {
  /** Its place in Python: `collections.OrderedDict`. */
  readonly path: string;
  /** What calling it gives. @throws where it is no function */
  call(args: readonly unknown[]): unknown;
}

/** Whether the value is a class or function that a pickle named. */
export function isGlobal(value: unknown): value is Global {
  return typeof (value as Global | null)?.call === 'function' && typeof (value as Global).path === 'string';
}

/** An object that takes a state after it was made (Python: `__setstate__`). */
export interface Buildable {
  build(state: unknown): void;
}

/** An object whose items are set as a dict's (Python: `__setitem__`). */
export interface ItemTaking {
  setItem(key: unknown, value: unknown): void;
}

/** Whether items of the object can be set. */
export function isItemTaking(value: unknown): value is ItemTaking {
  return typeof (value as ItemTaking | null)?.setItem === 'function';
}

/** Whether the object takes a state. */
export function isBuildable(value: unknown): value is Buildable {
  return typeof (value as Buildable | null)?.build === 'function';
}
