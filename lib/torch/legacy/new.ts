/** Constructors from before dtypes: `new torch.FloatTensor(…)` and `tensor.new(…)`. */
import { TorchError } from '../native';
import { aten, isKeywords, readOptions } from '../call';
import { cppName, device as makeDevice, type DeviceLike, type Dtype, type Float, Size, typeName } from '../core';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { is_storage, tensor, type TensorData, type TypedStorage, type UntypedStorage } from '../tensor';

/** Options of the old constructors. */
export interface LegacyTensorOptions {
  device?: DeviceLike | null;
}

function empty(size: readonly number[], dtype: Dtype): Tensor {
  return wrap(aten('empty.memory_format')(size, dtype.code));
}

/** Python's words for a tensor of another class. */
function described(dtype: Dtype, device: string): string {
  return (
    `TensorOptions(dtype=${cppName(dtype)}, device=${device}, layout=Strided, requires_grad=false ` +
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

/** Makes a tensor as `new` of a class, or the method `new` of one of its tensors, does. */
export function construct(args: readonly unknown[], dtype: Dtype): Tensor {
  const last = args.at(-1);
  const named: LegacyTensorOptions = isKeywords(last) ? last : {};
  const given = last === named ? args.slice(0, -1) : args;
  const options = readOptions('new', named, ['device']);
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
