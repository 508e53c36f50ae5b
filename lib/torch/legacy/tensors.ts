/**
 * The tensor classes from before dtypes: `new torch.FloatTensor(2, 3)`, `new torch.LongTensor([1, 2])`. Numbers are
 * lengths of a tensor that is not initialised, a list is data, a tensor or a storage is shared.
 */
import { native } from '../native';
import { type Dtype, dtypes, type Layout, OLD_NAMES, type Size } from '../core';
import { handleOf, isTensor, type Tensor } from '../memory';
import { construct, type LegacyTensorOptions } from './new';
import type { TensorData, TypedStorage, UntypedStorage } from '../tensor';

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
