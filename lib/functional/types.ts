/** Dtype, layout and device in one name of old, such as `torch.FloatTensor` (`torch/csrc/utils/tensor_types.cpp`). */
import { ValueError } from '../errors';
import * as dtypes from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';

const oldNames: Readonly<Record<string, string>> = {
  uint8: 'Byte',
  int8: 'Char',
  int16: 'Short',
  int32: 'Int',
  int64: 'Long',
  float16: 'Half',
  float32: 'Float',
  float64: 'Double',
  complex32: 'ComplexHalf',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
  bool: 'Bool',
  bfloat16: 'BFloat16',
  quint8: 'QUInt8',
  qint8: 'QInt8',
  qint32: 'QInt32',
};

const elementName = (name: string): string =>
  oldNames[name] ??
  name.replace(/^(uint|bits|float)/, (kind) =>
    kind === 'uint' ? 'UInt' : `${kind[0]!.toUpperCase()}${kind.slice(1)}`,
  );

/** What Python's `x.type()` says. */
export function typeText(tensor: Tensor): string {
  const { device, dtype, layout } = tensor;
  const where = device.type === 'cpu' ? '' : `${device.type}.`;
  const how = layout === dtypes.sparse_coo ? 'sparse.' : '';
  return `torch.${where}${how}${elementName(dtype.name)}Tensor`;
}

const dtypesByName = new Map<string, dtypes.Dtype>(
  Object.values(dtypes)
    .filter((value) => value instanceof dtypes.Dtype)
    .map((dtype) => [elementName(dtype.name), dtype]),
);

/** The dtype and device (null for the CPU) that such a name means. */
export function parseType(text: string): { dtype: dtypes.Dtype; device: string } {
  const [, device = 'cpu', name = ''] = /^torch\.(?:(cuda|xpu|mps|meta)\.)?(\w+)Tensor$/.exec(text) ?? [];
  const dtype = dtypesByName.get(name);
  if (dtype === undefined) throw new ValueError(`invalid type: '${text}'`);
  return { dtype, device };
}
