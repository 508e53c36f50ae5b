/** Numeric arrays and scalars of NumPy in pickles, as NumPy 1 and 2 write them. */
import { isUint8Array } from '../../core';
import { type Buildable, type Global, Made, PyByteArray, PyTuple } from '../pickle/values';
import type { Becoming } from '../pickle/plain';
import { UnpicklingError } from '../pickle/errors';
import { fault } from '../source';
import type { Tensor } from '../../memory';
import { wholeNumbers } from '../pt/storages';
import { arrayOf } from './array';
import { elementType } from './descr';

/** Bytes, which Python 2 wrote as text, and protocol 5 writes as a bytearray where they may be changed. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof PyByteArray) return value.bytes;
  if (isUint8Array(value)) return value;
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  throw fault('an array of NumPy has no bytes');
}

/** A dtype of NumPy, whose byte order comes after it. */
class NumpyDtype implements Buildable {
  #order: string | undefined;

  constructor(readonly descr: string) {}

  build(state: unknown): void {
    const order: unknown = state instanceof PyTuple ? state.items[1] : undefined;
    if (typeof order !== 'string') throw fault('a dtype of NumPy has no byte order');
    this.#order = order;
  }

  get type() {
    return elementType(this.descr, this.#order);
  }
}

/** An array of NumPy, whose contents come after it. */
class NumpyArray implements Buildable, Becoming {
  #made: Tensor | undefined;

  build(state: unknown): void {
    const [, shape, dtype, fortran, bytes] = state instanceof PyTuple ? state.items : [];
    if (!(shape instanceof PyTuple) || !(dtype instanceof NumpyDtype))
      throw fault('an array of NumPy has no shape or dtype');
    const sizes = wholeNumbers(shape.items, 'size');
    this.#made = arrayOf({ ...dtype.type, shape: sizes, fortran: fortran === true }, bytesOf(bytes));
  }

  become(): Tensor {
    if (this.#made === undefined) throw fault('an array of NumPy has no contents');
    return this.#made;
  }
}

function dtypeOf(value: unknown): NumpyDtype {
  if (!(value instanceof NumpyDtype)) throw fault('an array of NumPy has no dtype');
  return value;
}

/** A scalar: the number that it is. */
function scalar(args: readonly unknown[]): unknown {
  const [dtype, bytes] = args;
  const item = arrayOf({ ...dtypeOf(dtype).type, shape: [], fortran: false }, bytesOf(bytes));
  const value: unknown = item.item();
  item.dispose();
  return value;
}

/** An array of protocol 5, whose bytes come with it. */
function frombuffer(args: readonly unknown[]): unknown {
  const [bytes, dtype, shape, order] = args;
  if (!(shape instanceof PyTuple)) throw fault('an array of NumPy has no shape');
  const sizes = wholeNumbers(shape.items, 'size');
  return new Made(arrayOf({ ...dtypeOf(dtype).type, shape: sizes, fortran: order === 'F' }, bytesOf(bytes)));
}

const FUNCTIONS: Readonly<Record<string, Global['call']>> = {
  dtype: ([descr]) => new NumpyDtype(String(descr)),
  'multiarray._reconstruct': () => new NumpyArray(),
  'multiarray.scalar': scalar,
  'numeric._frombuffer': frombuffer,
  ndarray: () => {
    throw new UnpicklingError('its pickle calls numpy.ndarray, which is only named by arrays');
  },
};

/** What a pickle of arrays names in NumPy; undefined for everything else. */
export function numpyGlobal(path: string): Global | undefined {
  // NumPy 1 has them in numpy.core, NumPy 2 in numpy._core.
  const name = /^numpy\.(?:_?core\.)?(.+)$/.exec(path)?.[1];
  const call = name === undefined || !Object.hasOwn(FUNCTIONS, name) ? undefined : FUNCTIONS[name];
  return call === undefined ? undefined : { path, call };
}
