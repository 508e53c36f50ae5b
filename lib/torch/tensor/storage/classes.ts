/** `torch.FloatStorage`, `torch.LongStorage`, …: `torch.TypedStorage` with a dtype, by their old names. */
import { dtypes } from '../../core';
import { legacyStorage } from './legacy_class';
import { TypedStorage } from './typed';
import { UntypedStorage } from './untyped';

export type { LegacyStorageClass } from './legacy_class';

export const BFloat16Storage = legacyStorage(dtypes.bfloat16);
export const BoolStorage = legacyStorage(dtypes.bool);
export const ByteStorage = legacyStorage(dtypes.uint8);
export const CharStorage = legacyStorage(dtypes.int8);
export const ComplexDoubleStorage = legacyStorage(dtypes.complex128);
export const ComplexFloatStorage = legacyStorage(dtypes.complex64);
export const DoubleStorage = legacyStorage(dtypes.float64);
export const FloatStorage = legacyStorage(dtypes.float32);
export const HalfStorage = legacyStorage(dtypes.float16);
export const IntStorage = legacyStorage(dtypes.int32);
export const LongStorage = legacyStorage(dtypes.int64);
export const QInt32Storage = legacyStorage(dtypes.qint32);
export const QInt8Storage = legacyStorage(dtypes.qint8);
export const QUInt2x4Storage = legacyStorage(dtypes.quint2x4);
export const QUInt4x2Storage = legacyStorage(dtypes.quint4x2);
export const QUInt8Storage = legacyStorage(dtypes.quint8);
export const ShortStorage = legacyStorage(dtypes.int16);
/** The storage of the default dtype, as it is at the start. */
export const Storage = FloatStorage;

/** Whether the value is a storage. Takes any further arguments, as `is_tensor` does. */
export function is_storage(obj: unknown): obj is UntypedStorage | TypedStorage {
  return obj instanceof UntypedStorage || obj instanceof TypedStorage;
}
