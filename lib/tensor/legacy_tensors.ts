/**
 * The tensor classes from before dtypes: `new torch.FloatTensor(2, 3)`, `new torch.LongTensor([1, 2])`. Numbers are
 * lengths of a tensor that is not initialised, a list is data, a tensor or a storage is shared.
 */
import { TorchError } from '../errors';
import { native } from '../native';
import { type Float, isKeywords } from './arguments';
import { aten } from './aten';
import { wrap } from './bridge';
import { tensor } from './creation';
import { type DeviceLike, device as makeDevice } from './device';
import * as dtypes from './dtype';
import type { Dtype, Layout } from './dtype';
import { handleOf, isTensor } from './handle';
import type { TensorData } from './nested';
import { OLD_NAMES } from './old_names';
import { refuseUnknown } from './options';
import { typeName } from './python_text';
import { Size } from './size';
import { is_storage } from './storage/classes';
import { TypedStorage } from './storage/typed';
import type { UntypedStorage } from './storage/untyped';
import type { Tensor } from './tensor';

/** Options of the old constructors. */
export interface LegacyTensorOptions {
  device?: DeviceLike | null;
}

/** A class such as `torch.FloatTensor`: `new` makes a tensor of its dtype, and `instanceof` looks at dtype and device. */
export interface LegacyTensorClass {
  new (options?: LegacyTensorOptions): Tensor;
  new (...size: number[]): Tensor;
  new (source: Tensor | UntypedStorage | TypedStorage): Tensor;
  new (data: Size | TensorData, options?: LegacyTensorOptions): Tensor;
  /** Element type of its tensors. */
  readonly dtype: Dtype;
  /** Layout of its tensors. */
  readonly layout: Layout;
  /** False. */
  readonly is_cuda: boolean;
  /** False. */
  readonly is_sparse: boolean;
}

function empty(size: readonly number[], dtype: Dtype): Tensor {
  return wrap(aten('empty.memory_format')(size, dtype.code));
}

/** Python's words for a tensor of another class. */
function described(dtype: Dtype, device: string): string {
  const names: Readonly<Record<string, string>> = {
    float32: 'float',
    float64: 'double',
    float16: 'c10::Half',
    bfloat16: 'c10::BFloat16',
    int64: 'long int',
    int32: 'int',
    int16: 'short int',
    int8: 'signed char',
    uint8: 'unsigned char',
  };
  return (
    `TensorOptions(dtype=${names[dtype.name] ?? dtype.name}, device=${device}, layout=Strided, requires_grad=false ` +
    '(default), pinned_memory=false (default), memory_format=(nullopt))'
  );
}

function ofTensor(source: Tensor, dtype: Dtype): Tensor {
  const { dtype: theirs, device } = source;
  if (theirs !== dtype || device.type !== 'cpu') {
    throw new TypeError(`expected ${described(dtype, 'cpu')} (got ${described(theirs, String(device))})`);
  }
  return wrap(aten('alias')(handleOf(source)));
}

function ofStorage(source: UntypedStorage | TypedStorage, dtype: Dtype): Tensor {
  if (source instanceof TypedStorage && source.dtype !== dtype) {
    throw new TorchError(
      `Expected a Storage of type ${dtype} or an UntypedStorage, but got type ${source.dtype} for argument 1 'storage'`,
    );
  }
  return empty([0], dtype).set_(source);
}

function ofLengths(lengths: readonly unknown[], dtype: Dtype): Tensor {
  const wrong = lengths.findIndex((length) => !Number.isInteger(length));
  if (wrong === 0) {
    const first = lengths[0];
    if (typeof first === 'string') throw new TypeError("new(): invalid data type 'str'");
    throw new TypeError(`new(): data must be a sequence (got ${typeName(first)})`);
  }
  if (wrong > 0) {
    throw new TypeError(
      `new(): argument 'size' failed to unpack the object at pos ${wrong + 1} with error "type must be tuple of ints,` +
        `but got ${typeName(lengths[wrong])}"`,
    );
  }
  return empty(lengths as number[], dtype);
}

/** What `new` of a class, or the method `new` of one of its tensors, makes of its arguments. */
export function construct(args: readonly unknown[], dtype: Dtype): Tensor {
  const last = args.at(-1);
  const options = isKeywords(last) ? (last as LegacyTensorOptions) : {};
  const given = last === options ? args.slice(0, -1) : args;
  refuseUnknown('new', options, ['device']);
  const device = options.device === null || options.device === undefined ? undefined : makeDevice(options.device);
  if (device !== undefined && device.type !== 'cpu') {
    throw new TorchError(`legacy constructor expects device type: cpu but device type: ${device.type} was passed`);
  }
  if (given.length === 0) return empty([0], dtype);
  const [first] = given;
  if (given.length > 1 || !(typeof first === 'object' && first !== null)) return ofLengths(given, dtype);
  if (first instanceof Size) return empty(first, dtype);
  if (isTensor(first)) return ofTensor(first as Tensor, dtype);
  if (is_storage(first)) return ofStorage(first, dtype);
  if (!Array.isArray(first) && !ArrayBuffer.isView(first)) {
    throw new TypeError(`new(): data must be a sequence (got ${typeName(first as Float)})`);
  }
  return tensor(first as TensorData, { dtype });
}

function legacyTensor(dtype: Dtype): LegacyTensorClass {
  const name = `${OLD_NAMES.get(dtype)}Tensor`;
  function LegacyTensor(...args: unknown[]): Tensor {
    return construct(args, dtype);
  }
  Object.defineProperties(LegacyTensor, {
    name: { value: name },
    dtype: { value: dtype, enumerable: true },
    layout: { value: dtypes.strided, enumerable: true },
    is_cuda: { value: false, enumerable: true },
    is_sparse: { value: false, enumerable: true },
    [Symbol.hasInstance]: {
      value: (value: unknown) =>
        isTensor(value) && native.dtype(handleOf(value)) === dtype.code && native.device(handleOf(value)) === 'cpu',
    },
  });
  return LegacyTensor as unknown as LegacyTensorClass;
}

export const BFloat16Tensor = legacyTensor(dtypes.bfloat16);
export const BoolTensor = legacyTensor(dtypes.bool);
export const ByteTensor = legacyTensor(dtypes.uint8);
export const CharTensor = legacyTensor(dtypes.int8);
export const DoubleTensor = legacyTensor(dtypes.float64);
export const FloatTensor = legacyTensor(dtypes.float32);
export const HalfTensor = legacyTensor(dtypes.float16);
export const IntTensor = legacyTensor(dtypes.int32);
export const LongTensor = legacyTensor(dtypes.int64);
export const ShortTensor = legacyTensor(dtypes.int16);
