/** Values as Python prints them, for `toString()` and for error messages that quote Python's. */
import { Float } from '../tensor/arguments';
import { floatRepr } from '../tensor/float_text';
import { isTensor } from '../tensor/handle';
import type { Tensor } from '../tensor/tensor';

/** Python's `repr` of a number; integer-valued ones are ints. */
export function numberText(value: number): string {
  return floatRepr(value).replace(/\.0$/, '');
}

/** A value as Python's f-strings show it: `True`, `None`, `(4, 4)`, `1e-05`. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Float) return floatRepr(value.float);
  if (Array.isArray(value)) {
    const items = value.map(valueText).join(', ');
    return value.length === 1 ? `(${items},)` : `(${items})`;
  }
  return String(value);
}

/** `torch.Size([2, 3])`. */
export function sizeText(shape: readonly number[]): string {
  return `torch.Size([${shape.join(', ')}])`;
}

const tensorNames: Readonly<Record<string, string>> = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  bfloat16: 'BFloat16Tensor',
  uint8: 'ByteTensor',
  int8: 'CharTensor',
  int16: 'ShortTensor',
  int32: 'IntTensor',
  int64: 'LongTensor',
  bool: 'BoolTensor',
};

/** What kind of value this is, for "but got …": `torch.FloatTensor`, a class name, or a JavaScript type. */
export function typename(value: unknown): string {
  if (isTensor(value)) {
    const { dtype } = value as Tensor;
    return `torch.${tensorNames[dtype.name] ?? 'Tensor'}`;
  }
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return value.constructor?.name ?? 'object';
}
