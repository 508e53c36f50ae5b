/**
 * Writes an index down for native code, which reads four doubles an item: its kind and up to three operands.
 * An item that cannot be converted is marked, not refused at once: Python notices it only after the items before it
 * were applied, and those may raise another error first.
 */
import { dtypeOf, dtypes, Float, isComplex, typeName, warnOnce } from '../../core';
import { type Handle, native, ValueError } from '../../native';
import { codeOfTypedArray, type TypedArray } from '../creation/elements';
import { handleOf, isTensor, type TensorBase } from '../../memory';
import { flatten, pack } from '../creation/nested_data';
import { Ellipsis, type EllipsisType, type IndexText, parseIndex, Slice, type SliceBound } from './slice';

/** Lists of ints, booleans and one-element tensors, nested to any depth: what becomes an index tensor. */
export type IndexList = readonly (number | bigint | boolean | TensorBase | TypedArray | IndexList)[];

/**
 * Anything that Python takes between the brackets of `x[...]`: an integer, a boolean, null (a new axis), a slice or
 * its text (`':'`, `'1:3'`, `'::2'`), `torch.Ellipsis` or `'...'`, an index or mask tensor, a typed array or a list.
 */
export type TensorIndex =
  | number
  | bigint
  | boolean
  | null
  | IndexText
  | Slice
  | EllipsisType
  | TensorBase
  | TypedArray
  | IndexList;

// The order of Kind in native/tensor/indexing.cpp.
enum Kind {
  Int,
  Int64,
  Slice,
  None,
  Ellipsis,
  Bool,
  Tensor,
  Sequence,
  Invalid,
}

// The order of ValueKind there.
enum ValueKind {
  Tensor,
  Int,
  Int64,
  Float,
  Complex,
}

const WIDTH = 4;
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

const notAnIndex = 'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices';
const notABound = 'slice indices must be integers or None or have an __index__ method';

/** The integer that a one-element tensor stands for. */
export function tensorAsIndex(tensor: TensorBase): number | bigint {
  const handle = handleOf(tensor);
  const dtype = dtypeOf(native.dtype(handle));
  if (native.numel(handle) !== 1 || dtype.is_floating_point || dtype.is_complex) {
    throw new TypeError('only integer tensors of a single element can be converted to an index');
  }
  const value = native.item(handle) as number | bigint | boolean;
  return typeof value === 'boolean' ? Number(value) : value;
}

function boundOf(bound: SliceBound): number {
  if (bound === null) return Number.NaN;
  if (typeof bound === 'number' && Number.isInteger(bound)) return bound;
  if (typeof bound === 'bigint' || typeof bound === 'boolean') return Number(bound);
  if (isTensor(bound)) return Number(tensorAsIndex(bound));
  throw new TypeError(notABound);
}

/** An index tensor of nested data: booleans make a mask, and so do bytes; all else is cut to int64. */
function sequenceTensor(data: unknown): Handle {
  const flat = flatten(data);
  const mask = flat.code === dtypes.bool.code || flat.code === dtypes.uint8.code;
  const code = mask ? flat.code! : dtypes.int64.code;
  return native.from_bytes(pack(flat.values, code), flat.shape, code);
}

/** One index being written; its temporary tensors live until `release`. */
class Program {
  data = new Float64Array(WIDTH * 16);
  #integers = new BigInt64Array(this.data.buffer);
  #temporary: Handle[] = [];
  /** Why the first invalid item is invalid. */
  error: unknown;
  count = 0;

  #put(kind: Kind | ValueKind, a = 0, b = 0, c = 0): void {
    const at = this.count++ * WIDTH;
    if (at + WIDTH > this.data.length) {
      const larger = new Float64Array(2 * this.data.length);
      larger.set(this.data);
      this.data = larger;
      this.#integers = new BigInt64Array(larger.buffer);
    }
    this.data[at] = kind;
    this.data[at + 1] = a;
    this.data[at + 2] = b;
    this.data[at + 3] = c;
  }

  #putInt64(kind: Kind | ValueKind, value: bigint): void {
    if (value < MIN || value > MAX) throw new ValueError('Overflow when unpacking long long');
    this.#put(kind);
    this.#integers[(this.count - 1) * WIDTH + 1] = value;
  }

  #putSlice(slice: Slice): void {
    // In this order, as Python reads them.
    const step = boundOf(slice.step);
    this.#put(Kind.Slice, boundOf(slice.start), boundOf(slice.stop), step);
  }

  #putObject(item: unknown): void {
    if (item === null) this.#put(Kind.None);
    else if (isTensor(item)) this.#put(Kind.Tensor, handleOf(item));
    else if (item instanceof Slice) this.#putSlice(item);
    else if (item === Ellipsis) this.#put(Kind.Ellipsis);
    else if (Array.isArray(item) || codeOfTypedArray(item) !== undefined) {
      const handle = sequenceTensor(item);
      this.#temporary.push(handle);
      this.#put(Kind.Sequence, handle);
    } else throw new RangeError(`${notAnIndex} (got ${typeName(item)})`);
  }

  #putText(text: string): void {
    const item = parseIndex(text);
    if (item === undefined) {
      throw new TypeError(
        `an index in words is a slice such as ':', '1:3' or '::2', or the ellipsis '...', not '${text}'`,
      );
    }
    this.#putObject(item);
  }

  /** Writes one item; an invalid one is noted in `error`. */
  add(item: unknown): void {
    if (typeof item === 'number' && Number.isInteger(item)) {
      this.#put(Kind.Int, item);
      return;
    }
    try {
      if (typeof item === 'string') this.#putText(item);
      else if (typeof item === 'boolean') this.#put(Kind.Bool, item ? 1 : 0);
      else if (typeof item === 'bigint') this.#putInt64(Kind.Int64, item);
      else this.#putObject(item);
    } catch (error) {
      this.error ??= error;
      this.#put(Kind.Invalid);
    }
  }

  /** Writes the value to assign, after the items. */
  addValue(value: unknown, self: Handle): void {
    const count = this.count;
    if (isTensor(value)) this.#put(ValueKind.Tensor, handleOf(value));
    else if (typeof value === 'boolean') this.#put(ValueKind.Int, value ? 1 : 0);
    else if (typeof value === 'bigint') this.#putInt64(ValueKind.Int64, value);
    else if (typeof value === 'number') {
      const int = Number.isSafeInteger(value) && !Object.is(value, -0);
      this.#put(int ? ValueKind.Int : ValueKind.Float, value);
    } else if (value instanceof Float) this.#put(ValueKind.Float, value.float);
    else if (isComplex(value)) this.#put(ValueKind.Complex, value.re, value.im);
    else throw new TypeError(`can't assign a ${typeName(value)} to a ${native.type_name(self)}`);
    this.count = count;
  }

  release(): void {
    for (const handle of this.#temporary) native.release(handle);
    this.#temporary.length = 0;
    this.error = undefined;
    this.count = 0;
  }
}

// One program serves all calls. Reading a caller's array may run a getter that indexes in turn: then there is none
// to spare, and another is made.
let spare: Program | undefined = new Program();

/** Writes `items` and hands the program to `use`, whose result is undefined or false at an invalid item. */
function withProgram<T>(items: readonly unknown[], use: (program: Program) => T): T {
  const program = spare ?? new Program();
  spare = undefined;
  try {
    for (let i = 0; i < items.length; i++) program.add(items[i]);
    const result = use(program);
    if (program.error !== undefined && !result) throw program.error;
    return result;
  } finally {
    program.release();
    spare = program;
  }
}

/** `self[items]`; `tuple` as against a single item in brackets. */
export function getItem(self: Handle, items: readonly unknown[], tuple: boolean): Handle {
  return withProgram(items, (program) => native.getitem(self, program.data, program.count, tuple)) as Handle;
}

/** `self[items] = value`. */
export function setItem(self: Handle, items: readonly unknown[], tuple: boolean, value: unknown): void {
  withProgram(items, (program) => {
    program.addValue(value, self);
    return native.setitem(self, program.data, program.count, tuple);
  });
}

const ON_LISTS =
  'Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in pytorch 2.9; ' +
  'use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as tensor index, ' +
  'x[torch.tensor(seq)], which will result either in an error or a different result';

/**
 * Whether Python takes a bare list for a tuple of indices: a short one that holds more than numbers and booleans.
 * Python warns that this will end.
 */
export function standsForTuple(list: readonly unknown[]): boolean {
  if (list.length >= 32) return false;
  const found = list.some(
    (item) =>
      item === null ||
      typeof item === 'string' ||
      Array.isArray(item) ||
      isTensor(item) ||
      item instanceof Slice ||
      item === Ellipsis ||
      codeOfTypedArray(item) !== undefined,
  );
  if (found) warnOnce(ON_LISTS);
  return found;
}
