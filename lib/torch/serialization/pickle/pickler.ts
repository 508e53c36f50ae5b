/** From JavaScript's values to pickles: the other direction of `plain.ts`. */
import { types } from 'node:util';
import {
  Device,
  Dtype,
  entriesOf,
  Float,
  isComplex,
  isMap,
  isPlainObject,
  isSet,
  isUint8Array,
  Layout,
  QScheme,
  Size,
  typeName,
} from '../../core';
import { hasIntKeys } from './keys';
import { noteOf } from './notes';
import { PickleWriter } from './writer';

/** Lists and dicts within each other, at most: JavaScript has no room for more on its stack. */
const DEEPEST = 500;

/** A function or class of Python, and its arguments: how Python makes an object again. */
export interface Reduced {
  module: string;
  name: string;
  args: readonly unknown[];
}

/** What lies outside of the pickle, as a tuple that says where. */
export class PersistentId {
  constructor(readonly id: readonly unknown[]) {}
}

/** A class of Python by its place, as a value. */
export class GlobalName {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** A tuple, where no frozen array is at hand. */
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** How objects are written that are not plain data, such as tensors; undefined for those that are. */
export type Reduce = (value: object) => Reduced | PersistentId | undefined;

/** Writes one value, and what it is made of. */
class Pickler {
  readonly #out = new PickleWriter();
  readonly #path: string[] = [];
  readonly #reduce: Reduce;

  constructor(reduce: Reduce) {
    this.#reduce = reduce;
  }

  pickle(value: unknown): Uint8Array {
    this.#value(value, false);
    return this.#out.end();
  }

  /** Where the value at hand lies, for messages. */
  #wrong(problem: string): TypeError {
    const place = this.#path.length === 0 ? 'it' : `obj${this.#path.join('')}`;
    return new TypeError(`torch.save(): ${place} ${problem}`);
  }

  #within(step: string, body: () => void): void {
    if (this.#path.length === DEEPEST) throw this.#wrong(`lies more than ${DEEPEST} lists and dicts deep`);
    this.#path.push(step);
    body();
    this.#path.pop();
  }

  #value(value: unknown, isFloat: boolean): void {
    const out = this.#out;
    if (value === null) out.none();
    else if (value === undefined) throw this.#wrong('is undefined, which Python does not have: write null for None');
    else if (typeof value === 'boolean') out.bool(value);
    else if (typeof value === 'string') out.text(value);
    else if (typeof value === 'bigint') out.int(value);
    else if (typeof value === 'number') {
      if (isFloat || !Number.isSafeInteger(value) || Object.is(value, -0)) out.float(value);
      else out.int(value);
    } else this.#object(value);
  }

  #object(value: object): void {
    const out = this.#out;
    if (value instanceof GlobalName) out.global(value.module, value.name);
    else if (value instanceof Tuple) this.#tuple(value.items);
    else if (value instanceof PersistentId) this.#persistent(value);
    else if (value instanceof Float) out.float(value.float);
    else if (value instanceof Dtype || value instanceof QScheme) out.global('torch', value.name);
    else if (!out.recall(value)) this.#new(value);
  }

  /** Writes an object that was not written before. */
  #new(value: object): void {
    const reduced = this.#reduce(value) ?? this.#reduced(value);
    if (reduced instanceof PersistentId) this.#persistent(reduced);
    else if (reduced !== undefined) {
      this.#call(reduced);
      this.#out.remember(value);
    } else if (Array.isArray(value)) this.#array(value);
    else if (isMap(value) || isPlainObject(value)) this.#dict(value);
    else throw this.#wrong(`is ${typeName(value)}, ${remedyFor(value)}`);
  }

  #persistent({ id }: PersistentId): void {
    this.#tuple(id);
    this.#out.persistent();
  }

  /** How Python writes small objects of its own. */
  #reduced(value: object): Reduced | undefined {
    if (value instanceof Size) return { module: 'torch', name: 'Size', args: [new Tuple([...value])] };
    if (value instanceof Device) {
      return { module: 'torch', name: 'device', args: value.index === null ? [value.type] : [value.type, value.index] };
    }
    if (value instanceof Layout) return { module: 'torch.serialization', name: '_get_layout', args: [String(value)] };
    if (isComplex(value) && Object.keys(value).length === 2) {
      return { module: '__builtin__', name: 'complex', args: [new Float(value.re), new Float(value.im)] };
    }
    if (isSet(value)) return { module: '__builtin__', name: 'set', args: [[...value]] };
    if (isUint8Array(value)) {
      const bytes: Reduced = {
        module: '_codecs',
        name: 'encode',
        args: [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'), 'latin1'],
      };
      if (noteOf(value)?.kind !== 'bytearray') return bytes;
      return { module: '__builtin__', name: 'bytearray', args: [Uint8Array.from(value)] };
    }
    return undefined;
  }

  #call({ module, name, args }: Reduced): void {
    this.#out.global(module, name);
    this.#tuple(args);
    this.#out.reduce();
  }

  #tuple(items: readonly unknown[], floats?: ReadonlySet<unknown>): void {
    let index = 0;
    this.#out.tuple(items, (item) => {
      const at = index++;
      this.#within(`[${at}]`, () => this.#value(item, floats?.has(at) === true));
    });
  }

  #array(array: readonly unknown[]): void {
    const floats = noteOf(array)?.floats;
    if (Object.isFrozen(array)) {
      this.#tuple(array, floats);
      this.#out.remember(array);
      return;
    }
    this.#out.emptyList();
    this.#out.remember(array);
    this.#out.appends(Array.from(array), (item, i) => {
      this.#within(`[${i}]`, () => this.#value(item, floats?.has(i) === true));
    });
  }

  #dict(dict: object): void {
    const out = this.#out;
    const known = noteOf(dict);
    const metadata = (dict as { _metadata?: unknown })._metadata;
    const hidden = metadata !== undefined && !Object.prototype.propertyIsEnumerable.call(dict, '_metadata');
    const ordered = known?.kind === 'OrderedDict' || (!isMap(dict) && (hidden || Object.getPrototypeOf(dict) === null));
    const entries = isMap(dict) ? [...dict] : (entriesOf(dict) ?? Object.entries(dict));
    const ints = !ordered && !isMap(dict) && hasIntKeys(entries.map(([name]) => name as string));
    if (known?.kind === 'Counter') {
      // A Counter is made from a dict.
      this.#call({
        module: 'collections',
        name: 'Counter',
        args: [new Map(ints ? entries.map(([name, count]) => [Number(name), count]) : entries)],
      });
      out.remember(dict);
      return;
    }
    if (ordered) this.#call({ module: 'collections', name: 'OrderedDict', args: [] });
    else out.emptyDict();
    out.remember(dict);
    out.setItems(entries, ([key, value]) => {
      this.#within(stepTo(key), () => {
        if (typeof key === 'string') out.key(key, ints);
        else this.#key(key);
        this.#value(value, known?.floats?.has(key) === true);
      });
    });
    if (!hidden) return;
    out.emptyDict();
    out.setItems([metadata], (value) => {
      out.text('_metadata');
      this.#value(orderedCopy(value), false);
    });
    out.build();
  }

  #key(key: unknown): void {
    const isList = (Array.isArray(key) && !Object.isFrozen(key)) || isMap(key) || isSet(key) || isPlainObject(key);
    if (isList && !isComplex(key)) throw this.#wrong(`has a key of type ${typeName(key)}, which Python cannot hash`);
    this.#value(key, false);
  }
}

/** Python keeps a state dict's metadata in an OrderedDict. */
function orderedCopy(metadata: unknown): unknown {
  return isPlainObject(metadata) ? Object.assign(Object.create(null) as object, metadata) : metadata;
}

const stepTo = (key: unknown): string => (typeof key === 'string' ? `[${JSON.stringify(key)}]` : `[${String(key)}]`);

function remedyFor(value: object): string {
  if (typeof value === 'function') {
    return typeName(value) === 'function'
      ? 'which is code, and files hold data alone'
      : 'a module: save its state_dict(), and load that into a new one';
  }
  if (types.isTypedArray(value)) return 'which Python does not have: save torch.tensor(array)';
  if (types.isDate(value)) return 'which torch.load does not read: save value.toISOString()';
  if (types.isPromise(value)) return 'not a value yet: await it';
  return 'an object of a class: save plain data, or its state_dict()';
}

/** The pickle of a value. @throws TypeError naming the place of what cannot be written */
export function pickle(value: unknown, reduce: Reduce): Uint8Array {
  return new Pickler(reduce).pickle(value);
}
