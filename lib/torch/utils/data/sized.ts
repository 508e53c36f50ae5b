/** Lengths and items of whatever stands for a data set: Python's `len(x)` and `x[i]`. */
import { isTensor } from '../../memory';
import { isPromise, typeName } from '../../core';

/** Anything with a number of items: `length`, or Python's `__len__`. */
export type Sized = { readonly length: number } | { __len__(): number };

/** What has its own way to give an item. */
interface Indexed {
  __getitem__?(index: unknown): unknown;
}

/**
 * Python's `len(x)`, of arrays, maps, tensors, and what has `__len__` or `length`.
 *
 * @throws TypeError "object of type 'X' has no len()"
 */
export function lengthOf(source: unknown): number {
  if ((typeof source === 'object' || typeof source === 'function') && source !== null) {
    const { __len__, length, size } = source as { __len__?: unknown; length?: unknown; size?: unknown };
    if (typeof __len__ === 'function') return Reflect.apply(__len__, source, []) as number;
    if (typeof length === 'number' && typeof source === 'object') return length;
    if (typeof size === 'number') return size;
  }
  if (typeof source === 'string') return source.length;
  throw new TypeError(`object of type '${typeName(source)}' has no len()`);
}

/**
 * Python's `source[index]`.
 *
 * @throws RangeError where a list has no such item
 */
export function itemOf(source: unknown, index: unknown): unknown {
  if (typeof (source as Indexed | null)?.__getitem__ === 'function') return (source as Indexed).__getitem__?.(index);
  if (isTensor(source)) return (source as unknown as { get(index: unknown): unknown }).get(index);
  if (source instanceof Map) return source.get(index);
  if (Array.isArray(source) || (ArrayBuffer.isView(source) && !(source instanceof DataView))) {
    const list = source as ArrayLike<unknown>;
    const place = Number(index) < 0 ? Number(index) + list.length : Number(index);
    if (!Number.isInteger(place) || place < 0 || place >= list.length) throw new RangeError('list index out of range');
    return list[place];
  }
  if (typeof source === 'object' && source !== null && Object.hasOwn(source, index as PropertyKey)) {
    return (source as Record<PropertyKey, unknown>)[index as PropertyKey];
  }
  throw new TypeError(`'${typeName(source)}' object is not subscriptable`);
}

/** `use(value)`, once the value is there. */
export function after<T, R>(value: T | Promise<T>, use: (value: T) => R): R | Promise<Awaited<R>> {
  return isPromise(value) ? ((value as Promise<T>).then(use) as Promise<Awaited<R>>) : use(value as T);
}

/** `make(item)` of each in turn: one begins when the one before it is there. A promise only where one was made. */
export function inTurn<T, R>(items: Iterable<T>, make: (item: T) => R | Promise<R>): R[] | Promise<R[]> {
  const made: R[] = [];
  const iterator = items[Symbol.iterator]();
  const goOn = (): R[] | Promise<R[]> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      const value = make(next.value);
      if (isPromise(value)) {
        return (value as Promise<R>).then((there) => {
          made.push(there);
          return goOn();
        });
      }
      made.push(value as R);
    }
    return made;
  };
  return goOn();
}

/** Refuses arguments of a class whose constructor has none. @throws TypeError "X() takes no arguments" */
export function refuseArguments(name: string, given: readonly unknown[]): void {
  if (given.length > 0) throw new TypeError(`${name}() takes no arguments`);
}
