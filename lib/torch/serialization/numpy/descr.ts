/** NumPy's names of element types: `<f4`, `|b1`, `>i8`. @see https://numpy.org/doc/stable/reference/arrays.interface.html */
import { type Dtype, dtypes } from '../../core';
import { fault } from '../source';

/** By kind and width in bytes. */
const TYPES = new Map<string, Dtype>([
  ['b1', dtypes.bool],
  ['i1', dtypes.int8],
  ['i2', dtypes.int16],
  ['i4', dtypes.int32],
  ['i8', dtypes.int64],
  ['u1', dtypes.uint8],
  ['u2', dtypes.uint16],
  ['u4', dtypes.uint32],
  ['u8', dtypes.uint64],
  ['f2', dtypes.float16],
  ['f4', dtypes.float32],
  ['f8', dtypes.float64],
  ['c8', dtypes.complex64],
  ['c16', dtypes.complex128],
]);

const NAMES = new Map([...TYPES].map(([name, dtype]) => [dtype, name]));

/** Why kinds of elements are not read, by their letter. */
const OTHERS: Readonly<Record<string, string>> = {
  O: 'Python objects, which would have to be run',
  S: 'bytes',
  U: 'texts',
  V: 'records or raw bytes',
  M: 'dates',
  m: 'durations',
  f: 'floats of a width that torch does not have',
  c: 'complex numbers of a width that torch does not have',
};

/** An element type. */
export interface ElementType {
  readonly dtype: Dtype;
  /** Bytes that are in reversed order: 0 where none are. */
  readonly swapped: number;
}

/** Reads a name, whose byte order `order` may say elsewhere. @throws ValueError for elements that no tensor has */
export function elementType(descr: string, order?: string): ElementType {
  const [, mark, name] = /^([<>=|]?)([a-zA-Z?]\d*)$/.exec(descr) ?? [];
  const dtype = name === undefined ? undefined : TYPES.get(name === '?' ? 'b1' : name);
  if (dtype === undefined) {
    const what = OTHERS[name?.[0] ?? ''];
    throw fault(`it has elements of type '${descr}'${what === undefined ? '' : ` (${what})`}, which no tensor has`);
  }
  const unit = dtype.is_complex ? dtype.itemsize / 2 : dtype.itemsize;
  return { dtype, swapped: (order ?? mark) === '>' && unit > 1 ? unit : 0 };
}

/** The name of a dtype, its bytes in the order of this machine; undefined where NumPy has no such dtype. */
export function descrOf(dtype: Dtype): string | undefined {
  const name = NAMES.get(dtype);
  return name === undefined ? undefined : `${dtype.itemsize === 1 ? '|' : '<'}${name}`;
}

/** Reverses the bytes of each element in place. */
export function swap(bytes: Uint8Array, unit: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (unit === 2) buffer.swap16();
  else if (unit === 4) buffer.swap32();
  else if (unit === 8) buffer.swap64();
}
