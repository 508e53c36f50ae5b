/**
 * Kinds of objects, whatever realm made them.
 *
 * Jest runs tests, and `vm` runs scripts, in realms with a `Map`, an `ArrayBuffer` and an `Object.prototype` of their
 * own. There `instanceof` and prototypes say nothing.
 */
import { types } from 'node:util';

/** Whether the value is a Map of any realm, or a Proxy that passes for one. */
export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return types.isMap(value) || (types.isProxy(value) && Object.prototype.toString.call(value) === '[object Map]');
}

/** Whether the value is a Set of any realm, or a Proxy that passes for one. */
export function isSet(value: unknown): value is ReadonlySet<unknown> {
  return types.isSet(value) || (types.isProxy(value) && Object.prototype.toString.call(value) === '[object Set]');
}

/** Whether the value is the memory that typed arrays lie on, shared between threads or not. */
export function isAnyArrayBuffer(value: unknown): value is ArrayBuffer | SharedArrayBuffer {
  return types.isAnyArrayBuffer(value);
}

/** Whether the value is memory that other threads may see. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return types.isSharedArrayBuffer(value);
}

/** Whether the value is a Uint8Array, such as a Buffer. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return types.isUint8Array(value);
}

/** Whether the value is a DataView. */
export function isDataView(value: unknown): value is DataView {
  return types.isDataView(value);
}

/** Whether the value is an error that the engine or a built-in class made. */
export function isNativeError(value: unknown): value is Error {
  return types.isNativeError(value);
}

/**
 * The values of a Map, or of an object's own names: what stands for Python's dict. Undefined for what is neither, such as a list,
 * a Set, a function or a promise, whose names are not its contents.
 */
export function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (isMap(value)) return [...value] as [string, unknown][];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { then, [Symbol.iterator]: iterator } = value as { then?: unknown; [Symbol.iterator]?: unknown };
  return typeof then === 'function' || iterator !== undefined ? undefined : Object.entries(value);
}

/** Whether the value is a plain object: what braces make in some realm, or an object without prototype. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isObjectPrototype(prototype as object);
}

/** For loops over an object's names: there V8 knows the answer without a call, which it does not for `Object.hasOwn`. */
export const isOwn = Object.prototype.hasOwnProperty;

/** A copy of an object's own names and values: what a program put on `Object.prototype` is nobody's argument. */
export function ownOf<T extends object>(values: T): T {
  return Object.assign(Object.create(null) as T, values);
}

// Every other prototype has one itself, or was made by hand without these.
function isObjectPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}
