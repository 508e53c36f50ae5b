/** Python's names of tensor types from before dtypes: `torch.FloatTensor`, `torch.cuda.LongTensor`, `torch.FloatStorage`. */
import type { Device } from './device';
import * as dtypes from './dtype';
import type { Dtype } from './dtype';

/** Stems of the names: `torch.` + stem + `Tensor` or `Storage`. */
export const OLD_NAMES = new Map<Dtype, string>([
  [dtypes.float64, 'Double'],
  [dtypes.float32, 'Float'],
  [dtypes.float16, 'Half'],
  [dtypes.bfloat16, 'BFloat16'],
  [dtypes.int64, 'Long'],
  [dtypes.int32, 'Int'],
  [dtypes.int16, 'Short'],
  [dtypes.int8, 'Char'],
  [dtypes.uint8, 'Byte'],
  [dtypes.bool, 'Bool'],
  [dtypes.complex128, 'ComplexDouble'],
  [dtypes.complex64, 'ComplexFloat'],
  [dtypes.qint8, 'QInt8'],
  [dtypes.qint32, 'QInt32'],
  [dtypes.quint8, 'QUInt8'],
  [dtypes.quint4x2, 'QUInt4x2'],
  [dtypes.quint2x4, 'QUInt2x4'],
  [dtypes.complex32, 'ComplexHalf'],
  [dtypes.uint16, 'UInt16'],
  [dtypes.uint32, 'UInt32'],
  [dtypes.uint64, 'UInt64'],
]);

const CPP_NAMES = new Map<Dtype, string>([
  [dtypes.float64, 'double'],
  [dtypes.float32, 'float'],
  [dtypes.float16, 'c10::Half'],
  [dtypes.bfloat16, 'c10::BFloat16'],
  [dtypes.int64, 'long int'],
  [dtypes.int32, 'int'],
  [dtypes.int16, 'short int'],
  [dtypes.int8, 'signed char'],
  [dtypes.uint8, 'unsigned char'],
  [dtypes.bool, 'bool'],
  [dtypes.complex128, 'c10::complex<double>'],
  [dtypes.complex64, 'c10::complex<float>'],
  [dtypes.complex32, 'c10::complex<c10::Half>'],
  [dtypes.uint16, 'short unsigned int'],
  [dtypes.uint32, 'unsigned int'],
  [dtypes.uint64, 'long unsigned int'],
]);

/** `Float`, `Float8_e5m2`: what libtorch calls the dtype. */
export function scalarName(dtype: Dtype): string {
  return OLD_NAMES.get(dtype) ?? dtype.name.replace(/^./, (letter) => letter.toUpperCase());
}

/** `float`, `c10::Float8_e5m2`: the C++ type of an element, as some messages of libtorch have it. */
export function cppName(dtype: Dtype): string {
  return CPP_NAMES.get(dtype) ?? `c10::${scalarName(dtype)}`;
}

/** `torch.FloatTensor`, `torch.cuda.FloatStorage`, …. */
export function oldName(dtype: Dtype, what: 'Tensor' | 'Storage', device?: Device): string {
  const place = device === undefined || device.type === 'cpu' ? '' : `${device.type}.`;
  return `torch.${place}${scalarName(dtype)}${what}`;
}

/** Name of a tensor's type of old, as `x.type()` gives it: `torch.sparse.FloatTensor`, …. */
export function typeText({ dtype, device, layout }: { dtype: Dtype; device: Device; layout: dtypes.Layout }): string {
  if (layout === dtypes.sparse_coo) return oldName(dtype, 'Tensor', device).replace(/(?=[^.]*$)/, 'sparse.');
  return oldName(dtype, 'Tensor', device);
}

/** The dtype and device that a name such as `torch.cuda.FloatTensor` means; undefined for no such name. */
export function parseOldName(text: string): { dtype: Dtype; device: string } | undefined {
  const [, device = 'cpu', name] = /^torch\.(?:(cuda|xpu|mps|meta)\.)?(\w+)Tensor$/.exec(text) ?? [];
  for (const [dtype, old] of OLD_NAMES) if (old === name) return { dtype, device };
  return undefined;
}
