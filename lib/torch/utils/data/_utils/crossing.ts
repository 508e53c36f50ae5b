/**
 * Values on their way to a worker thread and back: data as it is, tensors by their memory, classes and functions by the module that
 * exports them, as Python's pickle does.
 */
import { types } from 'node:util';
import { Device, device, Dtype, dtypes, isMap, isPlainObject, isSet, Size, typeName } from '../../../core';
import { handleOf, isTensor, type Tensor, wrapMany } from '../../../memory';
import { native } from '../../../native';
import { Parameter } from '../../../nn';
import { isModule, privateFieldOf } from '../../../nn/inside';
import { Generator, Random, RandomState } from '../../../random';
import { ChainDataset, ConcatDataset, TensorDataset } from '../dataset';
import { StackDataset } from '../stack_dataset';
import { Subset } from '../subset';
import { default_collate, default_convert } from './collate';

/** A value written down: what structured cloning keeps, tagged. */
export type Written =
  | readonly ['plain', unknown]
  | readonly ['known', number]
  | readonly ['tensor', number, isParameter: boolean]
  | readonly ['list', readonly Written[]]
  | readonly ['map', readonly (readonly [Written, Written])[]]
  | readonly ['set', readonly Written[]]
  | readonly ['object', readonly (readonly [string, Written])[], bare: boolean]
  | readonly ['instance', Written, readonly (readonly [string, Written])[]]
  | readonly ['made', Written, readonly Written[]]
  | readonly ['export', module: string, name: string]
  | readonly ['own', string]
  | readonly ['generator', string, Written]
  | readonly ['stream', Written]
  | readonly ['dtype', string]
  | readonly ['device', string]
  | readonly ['size', readonly number[]];

/** A value that can be posted, and the number of the tensors in it. */
export interface Parcel {
  readonly written: Written;
  /** Of `native.send_parcel`; 0 without tensors. */
  readonly tensors: number;
  /** Modules to load before it is read. */
  readonly modules: readonly string[];
}

/** What isotorch itself has in both threads. */
const OWN: () => Readonly<Record<string, unknown>> = () => ({
  ChainDataset,
  ConcatDataset,
  StackDataset,
  Subset,
  TensorDataset,
  default_collate,
  default_convert,
});

interface Portable {
  readonly name?: string;
  readonly __module__?: string;
}

interface Reduced {
  __reduce__(): readonly [unknown, readonly unknown[]];
}

/** Whether `value` may be posted as it is. */
function isPlainData(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null;
}

/** A part of a buffer without the rest of it, which would cross, too. Shared memory crosses as it is. */
function alone(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  if (types.isSharedArrayBuffer(buffer) || byteLength === buffer.byteLength) return view;
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  if (view instanceof DataView) return new DataView(bytes);
  return new (view.constructor === Buffer ? Uint8Array : (view.constructor as Uint8ArrayConstructor))(bytes);
}

class Writer {
  readonly tensors: Tensor[] = [];
  readonly modules = new Set<string>();
  private readonly known = new Map<unknown, number>();
  private readonly own: ReadonlyMap<unknown, string>;

  /** `isData`: classes and functions are refused too, because the reader cannot wait for their modules. */
  constructor(private readonly isData: boolean) {
    this.own = new Map(Object.entries(OWN()).map(([name, value]) => [value, name]));
  }

  write(value: unknown, path: string): Written {
    if (isPlainData(value)) return ['plain', value];
    const before = this.known.get(value);
    if (before !== undefined) return ['known', before];
    this.known.set(value, this.known.size);
    if (isTensor(value)) {
      this.tensors.push(value as unknown as Tensor);
      return ['tensor', this.tensors.length - 1, value instanceof Parameter];
    }
    if (value instanceof Size) return ['size', [...value]];
    if (Array.isArray(value)) {
      if (value.every(isPlainData)) return ['plain', value];
      return ['list', value.map((item, i) => this.write(item, `${path}[${i}]`))];
    }
    if (isMap(value)) {
      return ['map', [...value].map(([key, item]) => [this.write(key, path), this.write(item, `${path}.get(…)`)])];
    }
    if (isSet(value)) return ['set', [...value].map((item) => this.write(item, path))];
    if (isModule(value))
      throw new TypeError(`${path} is an nn.Module, which cannot be sent to a worker thread: ${REMEDY}`);
    const isMade = typeof (value as Partial<Reduced>).__reduce__ === 'function';
    if (typeof value === 'function' && !isMade) return this.reference(value as Portable, path);
    return this.object(value as object, path);
  }

  private object(value: object, path: string): Written {
    if (isPlainObject(value)) return ['object', this.fields(value, path), Object.getPrototypeOf(value) === null];
    if (value instanceof Dtype) return ['dtype', String(value).replace('torch.', '')];
    if (value instanceof Device) return ['device', String(value)];
    if (value instanceof Generator) {
      return ['generator', String(value.device), this.write(value.get_state(), path)];
    }
    if (value instanceof Random) return ['stream', this.write(value.getstate(), path)];
    if (value instanceof RandomState) return ['stream', this.write(value.get_state(), path)];
    if (ArrayBuffer.isView(value)) return ['plain', alone(value)];
    if (types.isAnyArrayBuffer(value) || types.isDate(value) || types.isRegExp(value)) return ['plain', value];
    if (this.isData) throw new TypeError(`${path} is a ${typeName(value)}, which a worker cannot send: ${DATA}`);
    if (typeof (value as Reduced).__reduce__ === 'function') {
      const [make, args] = (value as Reduced).__reduce__();
      return ['made', this.write(make, `${path}.__reduce__()[0]`), args.map((arg) => this.write(arg, path))];
    }
    if (types.isPromise(value) || types.isProxy(value) || types.isExternal(value) || value.constructor === undefined) {
      throw new TypeError(`${path} is a ${typeName(value)}, which cannot be sent to a worker thread: ${REMEDY}`);
    }
    const written = this.reference(value.constructor as Portable, path);
    const field = privateFieldOf(Object.getPrototypeOf(value) as object, Object.prototype);
    if (field !== undefined && written[0] !== 'own') {
      throw new TypeError(
        `${path} cannot be sent to a worker thread: the private fields of class ${field.owner} (${field.name}) cannot be copied. Write private instead of #, or give the class a method __reduce__() that returns [Class, [arguments of its constructor]]; or use num_workers: 0`,
      );
    }
    return ['instance', written, this.fields(value, path)];
  }

  private fields(value: object, path: string): [string, Written][] {
    return Object.entries(value).map(([name, item]) => [name, this.write(item, `${path}.${name}`)]);
  }

  private reference(value: Portable, path: string): Written {
    const own = this.own.get(value);
    if (own !== undefined) return ['own', own];
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    const name = value.name ?? '';
    const what = name === '' ? `a ${isClass ? 'class' : 'function'} without a name` : name;
    if (this.isData) throw new TypeError(`${path} is ${what}, which a worker cannot send: ${DATA}`);
    const module = Object.hasOwn(value, '__module__') ? value.__module__ : undefined;
    if (typeof module === 'string' && name !== '') {
      this.modules.add(module);
      return ['export', module, name];
    }
    const said = isClass
      ? `write "static __module__ = import.meta.url" (CommonJS: __filename) in class ${name}`
      : `set ${name === '' ? 'its' : `${name}.`}__module__ = import.meta.url (CommonJS: __filename)`;
    const kind = isClass ? `an object of class ${what}` : `the function ${what}`;
    throw new TypeError(
      `${path} is ${kind}, which a worker thread cannot find: ${said.replace('its__', 'its __')} and export it under its name from that module; or use num_workers: 0`,
    );
  }
}

const DATA = 'batches hold tensors, numbers, texts, lists, maps and plain objects. Give a collate_fn that makes those';
const REMEDY = 'make it in the worker, in worker_init_fn or at the first sample; or use num_workers: 0';

/** Writes a value down and gives its tensors away. @throws TypeError naming the part that cannot cross, and the remedy */
export function pack(value: unknown, path: string, isData = false): Parcel {
  const writer = new Writer(isData);
  const written = writer.write(value, path);
  const tensors = writer.tensors.length === 0 ? 0 : native.send_parcel(writer.tensors.map(handleOf));
  return { written, tensors, modules: [...writer.modules] };
}

/** Loaded modules by name. */
export type Modules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Finds what a module exports: by `import`, or as a property of what CommonJS exports. */
function exported(modules: Modules, module: string, name: string): unknown {
  const space = modules.get(module);
  const fallback = space?.default as Readonly<Record<string, unknown>> | undefined;
  const found = space?.[name] ?? (fallback?.name === name ? fallback : fallback?.[name]);
  if (typeof found === 'function') return found;
  throw new TypeError(`${module} has no export ${name}: export it there, or set __module__ to the module that does`);
}

/** A stream of Python's or NumPy's numbers from its state, which begins with 3 or the name of NumPy's generator. */
function continued(state: readonly unknown[]): Random | RandomState {
  const stream = typeof state[0] === 'string' ? new RandomState(0) : new Random(0);
  if (stream instanceof Random) stream.setstate(state as never);
  else stream.set_state(state as never);
  return stream;
}

class Reader {
  private readonly known: unknown[] = [];

  constructor(
    private readonly tensors: readonly Tensor[],
    private readonly modules: Modules,
  ) {}

  read(written: Written): unknown {
    const [tag, content] = written;
    if (tag === 'known') return this.known[content];
    if (tag === 'plain') return isPlainData(content) ? content : this.keep(content);
    const place = this.known.push(undefined) - 1;
    const made = this.made(written, place);
    this.known[place] = made;
    return made;
  }

  private keep<T>(value: T): T {
    this.known.push(value);
    return value;
  }

  private made(written: Written, place: number): unknown {
    const start = <T>(value: T): T => {
      this.known[place] = value;
      return value;
    };
    switch (written[0]) {
      case 'tensor': {
        const tensor = this.tensors[written[1]] as Tensor;
        return written[2] ? new Parameter(tensor, tensor.requires_grad) : tensor;
      }
      case 'list': {
        const list = start<unknown[]>([]);
        for (const item of written[1]) list.push(this.read(item));
        return list;
      }
      case 'map': {
        const map = start(new Map<unknown, unknown>());
        for (const [key, item] of written[1]) map.set(this.read(key), this.read(item));
        return map;
      }
      case 'set': {
        const set = start(new Set<unknown>());
        for (const item of written[1]) set.add(this.read(item));
        return set;
      }
      case 'object':
        return this.fill(start(Object.create(written[2] ? null : Object.prototype) as object), written[1]);
      case 'instance': {
        const { prototype } = this.named(written[1]) as { prototype: object };
        return this.fill(start(Object.create(prototype) as object), written[2]);
      }
      case 'made': {
        const make = this.read(written[1]) as new (...args: unknown[]) => unknown;
        const args = written[2].map((arg) => this.read(arg));
        return /^class\b/.test(Function.prototype.toString.call(make))
          ? new make(...args)
          : Reflect.apply(make, undefined, args);
      }
      case 'generator':
        return new Generator({ device: written[1] }).set_state(this.read(written[2]) as Tensor);
      case 'stream':
        return continued(this.read(written[1]) as readonly unknown[]);
      case 'dtype':
        return (dtypes as Readonly<Record<string, unknown>>)[written[1]];
      case 'device':
        return device(written[1]);
      case 'size':
        return new Size(written[1]);
      default:
        return this.named(written);
    }
  }

  private named(written: Written): unknown {
    if (written[0] === 'export') return exported(this.modules, written[1], written[2]);
    return written[0] === 'own' ? OWN()[written[1]] : undefined;
  }

  private fill(target: object, fields: readonly (readonly [string, Written])[]): object {
    for (const [name, item] of fields) {
      Object.defineProperty(target, name, {
        value: this.read(item),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return target;
  }
}

const NOTHING: Modules = new Map();

/** Reads a parcel, which is empty then. */
export function unpack({ written, tensors }: Parcel, modules: Modules = NOTHING): unknown {
  return new Reader(tensors === 0 ? [] : wrapMany(native.take_parcel(tensors)), modules).read(written);
}
