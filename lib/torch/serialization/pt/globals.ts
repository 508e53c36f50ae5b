/** What a pickle may name: plain data, and the functions that make tensors. Everything else is refused. */
import { device, dtypes, Dtype, isUint8Array, Layout, OLD_NAMES, QScheme, Size } from '../../core';
import { isTensor, keepAll, type Tensor } from '../../memory';
import { Parameter } from '../../nn';
import { Float } from '../../core';
import { numpyGlobal } from '../numpy/pickled';
import { UnpicklingError } from '../pickle/errors';
import { type Becoming, toPlain } from '../pickle/plain';
import {
  type Buildable,
  type Global,
  isGlobal,
  type ItemTaking,
  Made,
  PyByteArray,
  PyDict,
  PyList,
  PySet,
  PyTuple,
} from '../pickle/values';
import { fault } from '../source';
import { rebuildFunctions, type Placement } from './rebuild';
import { safeGlobal } from './safe_globals';
import { StorageRef, tensorOver, wholeNumbers } from './storages';

/** A class of storages, which persistent ids name. */
export class StorageType {
  /** @param dtype Undefined for storages without dtype. */
  constructor(readonly dtype: Dtype | undefined) {}
}

/** Modules of which nothing is loaded, whatever the caller allows. */
const BLOCKED = new Set(['sys', 'os', 'posix', 'nt']);

/** Modules of Python 2 by their names of today. */
const RENAMED: Readonly<Record<string, string>> = { __builtin__: 'builtins', 'torch.tensor': 'torch._tensor' };

const dtypeOfStem = new Map([...OLD_NAMES].map(([dtype, stem]) => [stem, dtype]));

/** `torch.FloatStorage`, `torch.cuda.LongStorage`, `torch.storage.UntypedStorage`. */
function storageType(path: string): StorageType | undefined {
  const stem = /^torch\.(?:cuda\.|storage\.)?(\w+)Storage$/.exec(path)?.[1];
  if (stem === 'Untyped') return new StorageType(undefined);
  const dtype = stem === undefined ? undefined : dtypeOfStem.get(stem);
  return dtype === undefined ? undefined : new StorageType(dtype);
}

/** Dtypes, layouts and quantization schemes, by their names in torch. */
function constant(path: string): unknown {
  const name = /^torch\.(\w+)$/.exec(path)?.[1];
  if (name === undefined || !Object.hasOwn(dtypes, name)) return undefined;
  const found: unknown = dtypes[name as keyof typeof dtypes];
  return found instanceof Dtype || found instanceof QScheme ? found : undefined;
}

/** A tensor of old, whose storage comes after it. */
class OldTensor implements Buildable, Becoming {
  #made: Tensor | undefined;

  build(state: unknown): void {
    const [storage, offset, sizes, strides] = state instanceof PyTuple ? state.items : [];
    if (!(storage instanceof StorageRef) || !(sizes instanceof PyTuple) || !(strides instanceof PyTuple)) {
      throw fault('a tensor has no storage, sizes or strides');
    }
    const [start] = wholeNumbers([offset], 'offset');
    const size = wholeNumbers(sizes.items, 'size');
    const stride = wholeNumbers(strides.items, 'stride');
    this.#made = tensorOver(storage, storage.dtype, start!, size, stride);
  }

  become(): Tensor {
    if (this.#made === undefined) throw fault('a tensor has no storage');
    return this.#made;
  }
}

/** A parameter of old, whose tensor comes after it. */
class OldParameter implements Buildable, Becoming {
  #made: Tensor | undefined;

  constructor(made: Tensor | undefined) {
    this.#made = made;
  }

  build(state: unknown): void {
    // (data, requires_grad, hooks), or (data, a number, requires_grad, hooks).
    const [data, second, third] = state instanceof PyTuple ? state.items : [];
    const tensor = data instanceof OldTensor ? data.become() : data;
    if (!isTensor(tensor)) throw fault('a parameter has no tensor');
    const requires_grad = typeof second === 'boolean' ? second : third === true;
    this.#made = new Parameter(tensor as Tensor, requires_grad);
  }

  become(): Tensor {
    if (this.#made === undefined) throw fault('a parameter has no tensor');
    return this.#made;
  }
}

/** Pairs of a list of pairs, or of a dict. */
function pairsOf(value: unknown): Iterable<[unknown, unknown]> {
  if (value === undefined) return [];
  if (value instanceof PyDict) return value.entries;
  if (!(value instanceof PyList)) throw fault('a dict is made of what is neither a list nor a dict');
  return value.items.map((pair): [unknown, unknown] => {
    const items = pair instanceof PyTuple || pair instanceof PyList ? pair.items : [];
    if (items.length !== 2) throw fault('a dict is made of items that are no pairs');
    return [items[0], items[1]];
  });
}

function dictOf(kind: 'OrderedDict' | 'Counter', [contents]: readonly unknown[]): PyDict {
  const dict = new PyDict(kind);
  for (const [key, value] of pairsOf(contents)) dict.entries.set(key, value);
  return dict;
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (value instanceof PyList || value instanceof PyTuple) return value.items;
  throw fault('a set or a size is made of what is no list');
}

function encoded([text, encoding]: readonly unknown[]): Uint8Array {
  if (typeof text !== 'string') throw fault('bytes are made of what is no text');
  if (encoding === 'latin1' || encoding === 'latin-1') return Uint8Array.from(Buffer.from(text, 'latin1'));
  throw fault(`bytes are made by the encoding ${String(encoding)}`);
}

const number = (value: unknown): unknown => (value instanceof Float ? value.float : value);

function layoutNamed([name]: readonly unknown[]): Layout {
  for (const value of Object.values<unknown>(dtypes))
    if (value instanceof Layout && String(value) === name) return value;
  throw fault(`there is no layout ${String(name)}`);
}

/** Classes and functions that make plain data. */
const PLAIN: Readonly<Record<string, Global['call']>> = {
  'collections.OrderedDict': (args) => dictOf('OrderedDict', args),
  'collections.Counter': (args) => dictOf('Counter', args),
  'builtins.set': ([items]) => {
    const set = new PySet();
    for (const item of itemsOf(items)) set.items.add(number(item));
    return set;
  },
  // Protocol 2 makes empty bytes so.
  'builtins.bytes': (args) => {
    if (args.length > 0) throw fault('bytes are made of something');
    return new Uint8Array(0);
  },
  'builtins.bytearray': ([bytes, encoding]) => {
    if (bytes === undefined) return new PyByteArray(new Uint8Array(0));
    return new PyByteArray(isUint8Array(bytes) ? Uint8Array.from(bytes) : encoded([bytes, encoding]));
  },
  'builtins.complex': ([re = 0, im = 0]) => new Made({ re: Number(number(re)), im: Number(number(im)) }),
  '_codecs.encode': encoded,
  'torch.Size': ([sizes]) => new Made(new Size(wholeNumbers(itemsOf(sizes), 'size'))),
  'torch.device': ([type, index]) =>
    new Made(index === undefined ? device(String(type)) : device(String(type), Number(index))),
  'torch.serialization._get_layout': layoutNamed,
};

/** Finds what a pickle names. */
export type Find = (module: string, name: string) => unknown;

/** Looks names up, each once; `look` gets places in Python. */
function finder(look: (path: string) => unknown): Find {
  const known = new Map<string, unknown>();
  return (module, name) => {
    const path = `${RENAMED[module] ?? module}.${name}`;
    if (BLOCKED.has(module)) {
      throw new UnpicklingError(`Trying to load unsupported GLOBAL ${path} whose module ${module} is blocked.`);
    }
    if (!known.has(path)) known.set(path, look(path));
    return known.get(path);
  };
}

/** What a pickle names that makes data alone; undefined for the rest. */
function plainGlobal(path: string): unknown {
  const call = Object.hasOwn(PLAIN, path) ? PLAIN[path] : undefined;
  return call === undefined ? (storageType(path) ?? constant(path)) : ({ path, call } satisfies Global);
}

/** Finds what pickles of one file name. */
export function globalsOf(placement: Placement): Find {
  const rebuild = rebuildFunctions(placement);
  const tensor = () => new OldTensor();
  const calls: Record<string, Global['call']> = {
    ...Object.fromEntries(Object.entries(rebuild).map(([name, call]) => [`torch._utils.${name}`, call])),
    'torch.Tensor': tensor,
    'torch.nn.parameter.Parameter': ([data, requires_grad]) =>
      new OldParameter(isTensor(data) ? new Parameter(data as Tensor, requires_grad !== false) : undefined),
    // Attributes that a script put on a tensor are not taken: they could be named as methods are.
    'torch._tensor._rebuild_from_type_v2': ([call, , args]) => {
      if (!isGlobal(call) || !(args instanceof PyTuple)) throw fault('a tensor is made by what is no function');
      return call.call(args.items);
    },
  };
  return finder((path) => {
    const call = Object.hasOwn(calls, path) ? calls[path] : undefined;
    if (call !== undefined) return { path, call } satisfies Global;
    if (/^torch\.(cuda\.)?\w+Tensor$/.test(path)) return { path, call: tensor } satisfies Global;
    return plainGlobal(path) ?? numpyGlobal(path) ?? allowed(path) ?? refuse(path);
  });
}

/** What stands for a tensor, and for whatever else is not plain data, where a pickle is only looked through. */
class Inert implements Buildable {
  build(): void {}
}

/** Finds what a pickle names, for looking through it: nothing is made but plain data. */
export function inertGlobals(): Find {
  return finder((path) => plainGlobal(path) ?? ({ path, call: () => new Inert() } satisfies Global));
}

/** What the caller allowed. Its function gets values of JavaScript. */
function allowed(path: string): Global | undefined {
  const make = safeGlobal(path);
  if (make === undefined) return undefined;
  const call = (args: readonly unknown[]) => {
    const plain = args.map(toPlain);
    // What the caller makes of them is nothing that a scope looks into.
    keepAll(plain);
    return new Allowed(make(plain), path);
  };
  return { path, call };
}

/** An object that a function of the caller made. */
class Allowed extends Made implements Buildable, ItemTaking {
  constructor(
    value: unknown,
    readonly path: string,
  ) {
    super(value);
  }

  build(state: unknown): void {
    this.#call('__setstate__', 'gives a state to', state);
  }

  setItem(key: unknown, value: unknown): void {
    this.#call('__setitem__', 'sets an item of', key, value);
  }

  #call(method: string, what: string, ...args: readonly unknown[]): void {
    const { value } = this;
    const called = (value as Readonly<Record<string, unknown>> | null)?.[method];
    if (typeof called !== 'function') {
      throw new UnpicklingError(`its pickle ${what} a ${this.path}: what stands for it needs a method ${method}`);
    }
    const plain = args.map(toPlain);
    keepAll(plain);
    called.apply(value, plain);
  }
}

function refuse(path: string): never {
  throw new UnpicklingError(
    `Unsupported global: GLOBAL ${path} was not an allowed global by default. Please use ` +
      `torch.serialization.add_safe_globals([[make, '${path}']]), with a function that makes what stands for it, if you trust this file.`,
  );
}
