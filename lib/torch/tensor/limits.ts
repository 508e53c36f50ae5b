/** Limits of dtypes: `torch.finfo`, `torch.iinfo`. */
import { native, NotImplementedError } from '../native';
import { type Arguments, handBound } from '../call';
import { type Dtype, dtypeOf, dtypes, general, type Int } from '../core';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** Limits of a floating-point dtype (`torch.finfo`). */
export class FloatInfo {
  /** @internal */
  constructor(
    /** Bits of one number. */
    readonly bits: number,
    /** Distance from 1 to the next larger number. */
    readonly eps: number,
    /** Largest number. */
    readonly max: number,
    /** Most negative number. */
    readonly min: number,
    /** Smallest positive number with full precision. */
    readonly smallest_normal: number,
    /** Power of ten that decimals are certain to. */
    readonly resolution: number,
    /** Name of the dtype; the real one for a complex dtype. */
    readonly dtype: string,
  ) {}

  /** The same as `smallest_normal`. */
  get tiny(): number {
    return this.smallest_normal;
  }

  /** `finfo(resolution=1e-06, min=-3.40282e+38, …)`. */
  toString(): string {
    const names = ['resolution', 'min', 'max', 'eps', 'smallest_normal', 'tiny'] as const;
    return `finfo(${names.map((name) => `${name}=${general(this[name])}`).join(', ')}, dtype=${this.dtype})`;
  }

  [inspect](): string {
    return this.toString();
  }
}

/** Limits of an integer dtype (`torch.iinfo`). */
export class IntInfo {
  /** @internal */
  constructor(
    /** Bits of one number. */
    readonly bits: number,
    /** Largest number; a BigInt where a number would lose bits. */
    readonly max: Int,
    /** Smallest number; a BigInt where a number would lose bits. */
    readonly min: Int,
    /** Name of the dtype. */
    readonly dtype: string,
  ) {}

  /** `iinfo(min=-128, max=127, dtype=int8)`. */
  toString(): string {
    return `iinfo(min=${general(Number(this.min))}, max=${general(Number(this.max))}, dtype=${this.dtype})`;
  }

  [inspect](): string {
    return this.toString();
  }
}

/** [bits of the fraction, smallest exponent of a normal number, largest exponent, largest fraction, resolution] */
type Format = readonly [fraction: number, least: number, most: number, top: number, resolution: number];

const full = (fraction: number): number => 2 - 2 ** -fraction;

const formats = new Map<Dtype, Format>([
  [dtypes.float64, [52, -1022, 1023, full(52), 1e-15]],
  [dtypes.float32, [23, -126, 127, full(23), 1e-6]],
  [dtypes.float16, [10, -14, 15, full(10), 1e-3]],
  [dtypes.bfloat16, [7, -126, 127, full(7), 1e-2]],
  [dtypes.float8_e5m2, [2, -14, 15, full(2), 1]],
  [dtypes.float8_e4m3fn, [3, -6, 8, 1.75, 1]],
  [dtypes.float8_e5m2fnuz, [2, -15, 15, full(2), 1]],
  [dtypes.float8_e4m3fnuz, [3, -7, 7, full(3), 1]],
  [dtypes.float8_e8m0fnu, [0, -127, 127, 1, 1]],
]);

const realOf = new Map<Dtype, Dtype>([
  [dtypes.complex32, dtypes.float16],
  [dtypes.complex64, dtypes.float32],
  [dtypes.complex128, dtypes.float64],
]);

function floatInfo(dtype: Dtype): FloatInfo {
  const format = formats.get(dtype);
  if (format === undefined) throw new TypeError('bad argument type for built-in operation');
  const [fraction, least, most, top, resolution] = format;
  const max = top * 2 ** most;
  const smallest = 2 ** least;
  // libtorch's limits give the fnuz format the eps of one bit more than it has.
  const eps = dtype === dtypes.float8_e5m2fnuz ? 2 ** -3 : 2 ** -fraction;
  const min = dtype.is_signed ? -max : smallest;
  return new FloatInfo(dtype.itemsize * 8, eps, max, min, smallest, resolution, dtype.name);
}

function exact(value: bigint): Int {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function intInfo(dtype: Dtype): IntInfo {
  const bits = BigInt(dtype.itemsize) * 8n;
  const max = (1n << (dtype.is_signed ? bits - 1n : bits)) - 1n;
  return new IntInfo(Number(bits), exact(max), dtype.is_signed ? exact(-max - 1n) : 0, dtype.name);
}

// One object for every dtype, so that they compare as in Python.
const known = new Map<Dtype, FloatInfo | IntInfo>();

function remembered<Info extends FloatInfo | IntInfo>(dtype: Dtype, make: (dtype: Dtype) => Info): Info {
  const info = (known.get(dtype) as Info | undefined) ?? make(dtype);
  known.set(dtype, info);
  return info;
}

const parseFinfo = handBound('finfo', ['ScalarType type', '']);
const parseIinfo = handBound('iinfo', ['ScalarType type']);

/**
 * Limits of a floating-point dtype, or of the real part of a complex one; of the default dtype without argument.
 * @throws TypeError for other dtypes
 * @see https://docs.pytorch.org/docs/stable/type_info.html
 */
export function finfo(...args: Arguments<['type'], [type?: Dtype]>): FloatInfo {
  const [type] = parseFinfo(args).values as [Dtype?];
  const dtype = type ?? dtypeOf(native.get_default_dtype());
  if (!dtype.is_floating_point && !dtype.is_complex) {
    throw new TypeError("torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'");
  }
  return remembered(realOf.get(dtype) ?? dtype, floatInfo);
}

const quantized: Readonly<Record<string, string>> = {
  qint8: 'QInt8',
  quint8: 'QUInt8',
  qint32: 'QInt32',
  quint4x2: 'QUInt4x2',
  quint2x4: 'QUInt2x4',
};

const { uint8, int8, int16, int32, int64, uint16, uint32, uint64 } = dtypes;
// Those of less than a byte have no limits in libtorch.
const integers: readonly Dtype[] = [uint8, int8, int16, int32, int64, uint16, uint32, uint64];

/**
 * Limits of an integer dtype.
 * @throws TypeError for other dtypes, NotImplementedError for quantized ones
 * @see https://docs.pytorch.org/docs/stable/type_info.html
 */
export function iinfo(...args: Arguments<['type'], [type: Dtype]>): IntInfo {
  const [dtype] = parseIinfo(args).values as [Dtype];
  if (!integers.includes(dtype) && dtype !== dtypes.bool && !(dtype.name in quantized)) {
    throw new TypeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'");
  }
  if (dtype === dtypes.bool) throw new TypeError('torch.bool is not supported by torch.iinfo');
  const name = quantized[dtype.name];
  if (name !== undefined) throw new NotImplementedError(`"dtype" not implemented for '${name}'`);
  return remembered(dtype, intInfo);
}
