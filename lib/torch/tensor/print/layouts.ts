/** Tensors that are more than a block of elements: sparse, quantized and nested ones. */
import { dtypes, floatRepr, qschemeOf, tupleText } from '../../core';
import type { NumberList } from '../../native';
import { aten } from '../../call';
import { handleOf, type Tensor, wrap, wrapMany } from '../../memory';
import { elementsText } from './elements';

const isMeta = (self: Tensor): boolean => self.device.type === 'meta';

type Part = readonly [name: string, read: (self: Tensor) => Tensor];

/** An operator on the tensor alone, by its name in `aten`. */
const property =
  (name: string) =>
  (self: Tensor): Tensor =>
    wrap(aten(name)(handleOf(self)));

const values: Part = ['values', property('values')];
const compressed = (plain: Part, pressed: Part): readonly Part[] => [pressed, plain, values];
const byRow = compressed(['col_indices', property('col_indices')], ['crow_indices', property('crow_indices')]);
const byColumn = compressed(['row_indices', property('row_indices')], ['ccol_indices', property('ccol_indices')]);

/** The tensors that a sparse layout consists of, in the order in which they are shown. */
const parts = new Map<dtypes.Layout, readonly Part[]>([
  [
    dtypes.sparse_coo,
    [
      ['indices', property('_indices')],
      ['values', property('_values')],
    ],
  ],
  [dtypes.sparse_csr, byRow],
  [dtypes.sparse_bsr, byRow],
  [dtypes.sparse_csc, byColumn],
  [dtypes.sparse_bsc, byColumn],
]);

/** Whether the layout is one of the sparse ones. */
export function isSparse(self: Tensor): boolean {
  return parts.has(self.layout);
}

/** `indices=tensor(…), values=tensor(…)`, each on its own lines. */
export function sparseText(self: Tensor, indent: number): string {
  const texts = parts.get(self.layout)!.map(([name, read]) => {
    const prefix = `${name}=tensor(`;
    const part = read(self);
    const text = isMeta(self) ? '...' : elementsText(part, indent + prefix.length);
    const size = isMeta(self) || part.numel() === 0 ? `, size=${tupleText(part.shape)}` : '';
    return `${prefix}${text}${size})`;
  });
  return texts.join(`,\n${' '.repeat(indent)}`);
}

/** `size=…` and `nnz=…` of a sparse tensor. */
export function sparseSuffixes(self: Tensor): string[] {
  const size = `size=${tupleText(self.shape)}`;
  return isMeta(self) ? [size] : [size, `nnz=${aten('_nnz')(handleOf(self))}`];
}

/** Whether elements are integers that stand for floats. */
export function isQuantized(self: Tensor): boolean {
  const { qint8, quint8, qint32, quint4x2, quint2x4 } = dtypes;
  return [qint8, quint8, qint32, quint4x2, quint2x4].includes(self.dtype);
}

/** Scheme, scale and zero point of a quantized tensor. */
export function quantizedSuffixes(self: Tensor, show: (part: Tensor) => string): string[] {
  const handle = handleOf(self);
  const read = (name: string): unknown => aten(name)(handle);
  const scheme = qschemeOf(read('qscheme') as number);
  const first = `quantization_scheme=${scheme}`;
  if (scheme === dtypes.per_tensor_affine || scheme === dtypes.per_tensor_symmetric) {
    return [first, `scale=${floatRepr(read('q_scale') as number)}`, `zero_point=${read('q_zero_point')}`];
  }
  return [
    first,
    `scale=${show(property('q_per_channel_scales')(self))}`,
    `zero_point=${show(property('q_per_channel_zero_points')(self))}`,
    `axis=${read('q_per_channel_axis')}`,
  ];
}

/** The tensors of a nested one, each on its own lines. */
export function nestedText(self: Tensor, show: (part: Tensor) => string): string {
  const items = wrapMany(aten('unbind.int')(handleOf(self), 0) as NumberList);
  const indented = items.map((item) => show(item).replace(/^/gm, '  '));
  return `[\n${indented.join(',\n')}\n]`;
}
