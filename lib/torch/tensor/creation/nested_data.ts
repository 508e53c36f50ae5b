/** Reads nested JavaScript data for `torch.tensor`: shape, dtype and bytes, with Python's checks and words. */
import { native, type NativeOp, TorchError, ValueError } from '../../native';
import { dtypes, type Element, Float, isComplex, type Scalar, typeName } from '../../core';
import { defaultComplexDtype, get_default_dtype } from '../../call';
import { codeOfTypedArray, type TypedArray } from './elements';
import { handleOf, isTensor, type TensorBase } from '../../memory';

type NestedData<T> = T | readonly NestedData<T>[];

/** Data for `torch.tensor`: values, typed arrays and one-element tensors, nested in arrays. */
export type TensorData = NestedData<Scalar | TypedArray | TensorBase>;

/** Nested data, flattened: `values` in row-major order. */
export interface Flat {
  shape: number[];
  values: Element[];
  /** Dtype that the values ask for; undefined when there are none. */
  code: number | undefined;
}

/** Flat data while it is being read. */
interface Reading extends Flat {
  /** Dtype that numbers become. */
  readonly floating: number;
}

const MAX_DIMENSIONS = 128;

function isSequence(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || codeOfTypedArray(value) !== undefined;
}

let promoteTypes: NativeOp | undefined;

function promote(a: number | undefined, b: number): number {
  if (a === undefined || a === b) return b;
  promoteTypes ??= native.op('aten::promote_types');
  return promoteTypes(a, b);
}

function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  for (let level = data; isSequence(level); level = level[0]) {
    shape.push(level.length);
    // A cyclic array never ends by itself.
    if (shape.length > MAX_DIMENSIONS) throw new ValueError(`too many dimensions '${typeName(level)}'`);
    if (level.length === 0) break;
  }
  return shape;
}

function readLeaf(value: unknown, depth: number, flat: Reading): void {
  let code: number;
  let scalar = value;
  if (typeof value === 'number') code = flat.floating;
  else if (typeof value === 'bigint') code = dtypes.int64.code;
  else if (typeof value === 'boolean') code = dtypes.bool.code;
  else if (isTensor(value)) {
    const handle = handleOf(value);
    if (native.numel(handle) !== 1) {
      throw new ValueError('only one element tensors can be converted to Python scalars');
    }
    code = native.dtype(handle);
    scalar = native.item(handle);
  } else if (value instanceof Float) {
    code = flat.floating;
    scalar = value.float;
  } else if (isComplex(value)) code = defaultComplexDtype().code;
  else if (typeof value === 'string') {
    throw depth === 0 ? new TypeError("new(): invalid data type 'str'") : new ValueError("too many dimensions 'str'");
  } else if (isSequence(value)) {
    throw new TypeError(
      `tensor(): expected a number at dim ${depth}, as in the elements before it, but got a sequence of length ${value.length}`,
    );
  } else throw new TorchError(`Could not infer dtype of ${typeName(value)}`);
  flat.code = promote(flat.code, code);
  flat.values.push(scalar as Element);
}

function readLevel(data: unknown, depth: number, flat: Reading): void {
  if (depth === flat.shape.length) {
    readLeaf(data, depth, flat);
    return;
  }
  if (!isSequence(data)) throw new TypeError('not a sequence');
  const expected = flat.shape[depth]!;
  if (data.length !== expected) {
    throw new ValueError(`expected sequence of length ${expected} at dim ${depth} (got ${data.length})`);
  }
  const code = codeOfTypedArray(data);
  if (code !== undefined && depth === flat.shape.length - 1) {
    flat.code = promote(flat.code, code);
    for (let i = 0; i < expected; i++) flat.values.push(data[i] as Element);
    return;
  }
  for (let i = 0; i < expected; i++) readLevel(data[i], depth + 1, flat);
}

/**
 * Flattens nested data. The shape is that of the first elements all the way down; everything else must agree.
 * Kinds promote as in Python: boolean, BigInt (int64), number (the default dtype), complex (its
 * complex counterpart).
 */
export function flatten(data: unknown): Flat {
  const floating = get_default_dtype().code;
  const flat: Reading = { shape: shapeOf(data), values: [], code: undefined, floating };
  // As in Python, `[[], [1]]` has shape [2, 0]: with an empty first element nothing below is looked at.
  if (flat.shape.at(-1) !== 0) readLevel(data, 0, flat);
  return flat;
}

const integerNames: Record<number, [name: string, bits: number, signed: boolean]> = {
  [dtypes.uint8.code]: ['uint8', 8, false],
  [dtypes.int8.code]: ['int8', 8, true],
  [dtypes.int16.code]: ['int16', 16, true],
  [dtypes.int32.code]: ['int32', 32, true],
  [dtypes.int64.code]: ['int64', 64, true],
  [dtypes.uint16.code]: ['uint16', 16, false],
  [dtypes.uint32.code]: ['uint32', 32, false],
  [dtypes.uint64.code]: ['uint64', 64, false],
};

function refuseComplex(value: Element, message: string): asserts value is number | bigint | boolean {
  if (typeof value === 'object') throw new TypeError(message);
}

function toDouble(value: Element): number {
  refuseComplex(value, 'must be real number, not complex');
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(number)) {
    throw new RangeError('int too large to convert to float');
  }
  return number;
}

/** Conversion to an integer dtype: fractions are cut off, and what does not fit is refused. */
function toInteger(code: number): (value: Element) => bigint {
  const [name, bits, signed] = integerNames[code]!;
  const max = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  // Python lets small negative integers wrap into unsigned dtypes, except for uint64.
  const min = signed ? -max - 1n : code === dtypes.uint64.code ? 0n : -max;
  const overflow = () => new TorchError(`value cannot be converted to type ${name} without overflow`);
  return (value) => {
    const isUnsignedLong = code === dtypes.uint64.code;
    const isFraction = typeof value === 'number' && !Number.isInteger(value);
    // Python reads uint64 with a function of its own, which takes ints only.
    if (isUnsignedLong && (isFraction || typeof value === 'object')) throw new TypeError('an integer is required');
    refuseComplex(value, "'complex' object cannot be interpreted as an integer");
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw overflow();
      if (!Number.isInteger(value) && value < 0 && !signed) throw overflow();
    }
    const integer = BigInt(typeof value === 'number' ? Math.trunc(value) : value);
    if (integer >= min && integer <= max) return integer;
    if (typeof value !== 'bigint') throw overflow();
    if (code === dtypes.int64.code) throw new ValueError('Overflow when unpacking long long');
    if (!isUnsignedLong) throw overflow();
    throw new RangeError(integer < 0n ? "can't convert negative int to unsigned" : 'int too big to convert');
  };
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/**
 * The bits of a number as bfloat16, rounded to even, with the NaN that Python stores. The kernel that converts tensors
 * stores another one.
 */
function bfloat16Bits(number: number): number {
  if (Number.isNaN(number)) return 0x7fc0;
  single[0] = number;
  const bits = singleBits[0]!;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** Values as the typed array of `code`, which must be readable (see `readableCode`) or bfloat16, given as its bits. */
export function pack(values: Element[], code: number): TypedArray {
  switch (code) {
    case dtypes.float32.code:
      return Float32Array.from(values, toDouble);
    case dtypes.float64.code:
      return Float64Array.from(values, toDouble);
    case dtypes.bfloat16.code:
      return Uint16Array.from(values, (value) => bfloat16Bits(toDouble(value)));
    case dtypes.bool.code:
      return Uint8Array.from(values, (value) => {
        const zero = typeof value === 'object' ? value.re === 0 && value.im === 0 : Number(value) === 0;
        return zero ? 0 : 1;
      });
    case dtypes.complex64.code:
    case dtypes.complex128.code: {
      const pairs = values.flatMap((value) =>
        typeof value === 'object' ? [value.re, value.im] : [toDouble(value), 0],
      );
      return code === dtypes.complex64.code ? Float32Array.from(pairs) : Float64Array.from(pairs);
    }
    case dtypes.int64.code:
      return BigInt64Array.from(values.map(toInteger(code)));
    case dtypes.uint64.code:
      return BigUint64Array.from(values.map(toInteger(code)));
    default: {
      const convert = toInteger(code);
      const array = new smallIntegers[code]!(values.length);
      for (let i = 0; i < values.length; i++) array[i] = Number(convert(values[i]!));
      return array;
    }
  }
}

type SmallInteger =
  | typeof Uint8Array
  | typeof Int8Array
  | typeof Int16Array
  | typeof Int32Array
  | typeof Uint16Array
  | typeof Uint32Array;

const smallIntegers: Record<number, SmallInteger> = {
  [dtypes.uint8.code]: Uint8Array,
  [dtypes.int8.code]: Int8Array,
  [dtypes.int16.code]: Int16Array,
  [dtypes.int32.code]: Int32Array,
  [dtypes.uint16.code]: Uint16Array,
  [dtypes.uint32.code]: Uint32Array,
};
