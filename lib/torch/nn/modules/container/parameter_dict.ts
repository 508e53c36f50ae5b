import { type Arguments, bind, pythonMethods, signature } from '../../../call';
import { entriesOf, isMap, typeName } from '../../../core';
import type { Tensor } from '../../../memory';
import { KeyError, TorchError } from '../../../native';
import { typename } from '../../../tensor';
import { Module } from '../../module/module';
import type { Parameter } from '../../parameter/parameter';
import { pairsOf } from './pairs';
import { held, parameterLines } from './parameter_text';

/** Values by name: an object, whose names are sorted, a Map, a ParameterDict or a list of pairs. */
export type NamedParameters<T> =
  | Readonly<Record<string, T | Tensor>>
  | ReadonlyMap<string, T | Tensor>
  | ParameterDict<T>
  | Iterable<readonly [string, T | Tensor]>;

const parameters = signature('ParameterDict.__init__', ['self', 'parameters{}'], 1);

/**
 * Parameters by name, so that they are found as parameters of the module. Tensors become parameters; other values are
 * kept as they are. Its iterator gives the names.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html
 */
export class ParameterDict<T = Parameter> extends Module implements Iterable<string> {
  static {
    pythonMethods(this.prototype, 'ParameterDict', {
      copy: [],
      setdefault: ['key', 'default'],
      clear: [],
      pop: ['key'],
      popitem: [],
      get: ['key', 'default'],
      fromkeys: ['keys', 'default'],
      keys: [],
      items: [],
      values: [],
      update: ['parameters{}'],
      extra_repr: [],
      __getitem__: ['key'],
      __setitem__: ['key', 'value'],
      __delitem__: ['key'],
      __contains__: ['key'],
      __len__: [],
      __reversed__: [],
      __or__: ['other{}'],
      __ior__: ['other{}'],
    });
  }

  // Not a private field: copies have it, too.
  private readonly _keys = new Set<string>();

  constructor(...args: Arguments<['parameters{}'], [parameters?: NamedParameters<T> | null]>) {
    const [, given] = bind(parameters, [null, ...args]);
    super();
    if (given !== undefined && given !== null) this.update(given as NamedParameters<T>);
  }

  /** Number of values (Python: `len`). */
  override get length(): number {
    return this._keys.size;
  }

  /** Number of values. */
  __len__(): number {
    return this._keys.size;
  }

  /**
   * The value of a name.
   *
   * @throws TypeError, Python's AttributeError, where there is none
   */
  __getitem__(key: string): T {
    checkKey(key);
    if (!(key in this)) throw new TypeError(`'${this.constructor.name}' object has no attribute '${key}'`);
    return (this as unknown as Record<string, T>)[key]!;
  }

  /** Adds a value, or replaces that of the name. */
  __setitem__(key: string, value: T | Tensor): void {
    checkKey(key);
    Object.assign(this, { [key]: held(value) });
    this._keys.add(key);
  }

  /** The same as `__setitem__`. */
  set(key: string, value: T | Tensor): void {
    this.__setitem__(key, value);
  }

  /**
   * Takes a value out.
   *
   * @throws KeyError where there is none
   */
  __delitem__(key: string): void {
    if (!this._keys.delete(key)) throw new KeyError(String(key));
    Reflect.deleteProperty(this, key);
  }

  /** Whether there is a value of this name (Python: `key in parameters`). */
  __contains__(key: string): boolean {
    return this._keys.has(key);
  }

  /** The names from the last to the first. */
  __reversed__(): string[] {
    return this.keys().reverse();
  }

  /** A dict of its own, with the same values. */
  copy(): ParameterDict<T> {
    return new ParameterDict<T>(new Map(this.items()));
  }

  /** The value of a name; where there is none, `default` becomes it. */
  setdefault(...args: Arguments<['key', 'default'], [key: string, value?: T | Tensor | null]>): T;
  setdefault(key: string, value: T | Tensor | null = null): T {
    if (!this._keys.has(key)) this.__setitem__(key, value as T);
    return this.__getitem__(key);
  }

  /** Takes all values out. */
  clear(): void {
    for (const key of this.keys()) this.__delitem__(key);
  }

  /** Takes a value out and returns it. */
  pop(key: string): T {
    const taken = this.__getitem__(key);
    this.__delitem__(key);
    return taken;
  }

  /**
   * Takes the last value out and returns it with its name.
   *
   * @throws KeyError where there is none
   */
  popitem(): [string, T] {
    const key = this.keys().at(-1);
    if (key === undefined) throw new KeyError('popitem(): dictionary is empty');
    return [key, this.pop(key)];
  }

  /** The value of a name, or `default`. */
  get(...args: Arguments<['key'], [key: string]>): T | null;
  get<D>(...args: Arguments<['key', 'default'], [key: string, otherwise: D]>): T | D;
  get(key: unknown, otherwise: unknown = null): unknown {
    return this._keys.has(key as string) ? this.__getitem__(key as string) : otherwise;
  }

  /** A new dict with one value for all names. */
  fromkeys<V>(...args: Arguments<['keys', 'default'], [keys: Iterable<string>, value?: V]>): ParameterDict<V>;
  fromkeys(keys: unknown, value: unknown = null): ParameterDict<unknown> {
    return new ParameterDict([...(keys as Iterable<string>)].map((key) => [key, value] as const));
  }

  /** The names in order. */
  keys(): string[] {
    return [...this._keys];
  }

  /** Names and values in order. */
  items(): [string, T][] {
    return this.keys().map((key) => [key, this.__getitem__(key)]);
  }

  /** The values in order. */
  values(): T[] {
    return this.keys().map((key) => this.__getitem__(key));
  }

  /**
   * Adds values, and replaces those whose names are there. As in Python, those of an object come sorted by name; those of
   * a Map come in its order.
   *
   * @throws TypeError for what is no dict and no list of pairs
   */
  update(given: NamedParameters<T>): void {
    for (const [key, value] of pairsIn(given)) this.__setitem__(key, value as T);
  }

  /** A new dict of the values of both; those of `other` win. */
  __or__(other: NamedParameters<T>): ParameterDict<T> {
    const copy = this.copy();
    copy.update(other);
    return copy;
  }

  /** `update`, and itself. */
  __ior__(other: NamedParameters<T>): this {
    this.update(other);
    return this;
  }

  /** The names in order. */
  [Symbol.iterator](): Iterator<string> {
    return this.keys()[Symbol.iterator]();
  }

  /** Throws TorchError: it is no function. */
  override forward(..._inputs: never[]): never {
    throw new TorchError('ParameterDict should not be called.');
  }

  override extra_repr(): string {
    return parameterLines(this.items(), typename);
  }
}

function checkKey(key: unknown): void {
  if (typeof key === 'string') return;
  throw new TypeError(
    `Index given to ParameterDict cannot be used as a key as it is not a string (type is '${typeName(key)}'). Open an issue on github if you need non-string keys.`,
  );
}

function pairsIn(given: unknown): Iterable<[string, unknown]> {
  if (given instanceof ParameterDict) return given.items();
  const entries = entriesOf(given);
  if (entries !== undefined) return isMap(given) ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
  if (typeof (given as Iterable<unknown> | null)?.[Symbol.iterator] === 'function') {
    return pairsOf('ParameterDict', given as Iterable<unknown>);
  }
  throw new TypeError(
    `ParametersDict.update should be called with an iterable of key/value pairs, but got ${typeName(given)}`,
  );
}
