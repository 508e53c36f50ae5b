/**
 * From Python's values to JavaScript's.
 *
 * A list is an array, a tuple a frozen one. A dict is an object where an object's names can tell its keys and their order, else a
 * Map; `keys.ts` has the rule. Whole floats are numbers, like ints, and noted.
 */
import { Float } from '../../core';
import { asObject } from './keys';
import { note, noteFloat } from './notes';
import { Made, PyByteArray, PyDict, PyList, PySet, PyTuple } from './values';

/** An object that becomes something of JavaScript when all is read. */
export interface Becoming {
  become(): unknown;
}

const isBecoming = (value: unknown): value is Becoming => typeof (value as Becoming | null)?.become === 'function';

/** Fills what was made empty, after everything that contains it exists: values may contain themselves. */
type Fill = () => void;

/** Turns values into JavaScript's, each once. */
class Translator {
  readonly #done = new Map<unknown, unknown>();
  readonly #fills: Fill[] = [];
  /** Frozen last: what a tuple contains is only known when it is filled. */
  readonly #tuples: unknown[][] = [];

  translate(value: unknown): unknown {
    const result = this.#of(value);
    for (let fill = this.#fills.pop(); fill !== undefined; fill = this.#fills.pop()) fill();
    for (const tuple of this.#tuples) Object.freeze(tuple);
    return result;
  }

  #of(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Float) return value.float;
    if (value instanceof Made) return value.value;
    if (this.#done.has(value)) return this.#done.get(value);
    const made = this.#make(value);
    this.#done.set(value, made);
    return made;
  }

  #make(value: object): unknown {
    if (value instanceof PyList) return this.#array(value.items);
    if (value instanceof PyTuple) {
      const tuple = this.#array(value.items);
      this.#tuples.push(tuple);
      return tuple;
    }
    if (value instanceof PyDict) return this.#dict(value);
    if (value instanceof PySet) {
      const set = new Set<unknown>();
      this.#fills.push(() => {
        for (const item of value.items) set.add(this.#of(item));
      });
      return set;
    }
    if (value instanceof PyByteArray) {
      note(value.bytes, { kind: 'bytearray' });
      return value.bytes;
    }
    return isBecoming(value) ? value.become() : value;
  }

  #array(items: readonly unknown[]): unknown[] {
    const array: unknown[] = new Array(items.length).fill(null);
    this.#fills.push(() => {
      items.forEach((item, i) => {
        if (item instanceof Float) noteFloat(array, i);
        array[i] = this.#of(item);
      });
    });
    return array;
  }

  /** A state dict's `_metadata`, in whose texts modules look versions up: an object, though that may order them otherwise. */
  #attribute(value: unknown): unknown {
    if (!(value instanceof PyDict)) return this.#of(value);
    const object = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of value.entries) object[String(key)] = this.#of(item);
    return object;
  }

  #dict(dict: PyDict): object {
    const { entries, kind, attributes } = dict;
    const object = asObject(entries.keys(), kind === 'OrderedDict');
    const made = object ?? new Map<unknown, unknown>();
    if (kind !== 'dict') note(made, { kind });
    this.#fills.push(() => {
      for (const [key, item] of entries) {
        const name = this.#of(key);
        if (item instanceof Float) noteFloat(made, object === undefined ? name : String(name));
        const value = this.#of(item);
        if (object === undefined) (made as Map<unknown, unknown>).set(name, value);
        else
          Object.defineProperty(object, name as string, {
            value,
            writable: true,
            enumerable: true,
            configurable: true,
          });
      }
      for (const [name, value] of attributes?.entries ?? []) {
        // As a state dict has its `_metadata`: not among its keys.
        if (typeof name !== 'string' || Object.hasOwn(made, name)) continue;
        Object.defineProperty(made, name, { value: this.#attribute(value), writable: true, configurable: true });
      }
    });
    return made;
  }
}

/** A value as JavaScript has it. */
export function toPlain(value: unknown): unknown {
  return new Translator().translate(value);
}
