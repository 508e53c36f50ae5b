/** The comparison of two tensors, or of two typed arrays as tensors. */
import { ValueError } from '../native';
import { promote_types } from '../generated/functions';
import { dtypes, Float, sameShape, sizeText, tupleText } from '../core';
import { as_tensor, codeOfTypedArray, isQuantized, isSparse, type TypedArray } from '../tensor';
import { isTensor, type Tensor } from '../memory';
import { Failure, type Path } from './failure';
import { type Closeness, scalarMismatch, tensorMismatch } from './messages';
import { readNumber } from './numbers';
import { type Options, type PairMaker, pairText } from './pairs';
import { text } from './text';
import { tolerances } from './tolerances';

/** A tensor-like as a tensor; undefined where it is none. */
function toTensor(value: unknown): Tensor | undefined {
  if (isTensor(value)) return value as Tensor;
  return codeOfTypedArray(value) === undefined ? undefined : as_tensor(value as TypedArray);
}

/** Whether one's class is the other's, or derives from it. */
function areRelated(a: object, b: object, allowSubclasses: boolean): boolean {
  if (a.constructor === b.constructor) return true;
  return allowSubclasses && (a instanceof b.constructor || b instanceof a.constructor);
}

function refuse(attribute: string, actual: unknown, expected: unknown, path: Path): never {
  throw Failure.mismatch(
    `The values for attribute '${attribute}' do not match: ${text(actual)} != ${text(expected)}.`,
    path,
  );
}

function compareAttributes(actual: Tensor, expected: Tensor, options: Options, path: Path): void {
  if (!sameShape(actual.shape, expected.shape)) {
    refuse('shape', sizeText(actual.shape), sizeText(expected.shape), path);
  }
  const quantized = isQuantized(actual);
  if (quantized !== isQuantized(expected)) refuse('is_quantized', quantized, !quantized, path);
  if (quantized && actual.qscheme() !== expected.qscheme()) {
    refuse('qscheme()', actual.qscheme(), expected.qscheme(), path);
  }
  if (actual.layout !== expected.layout) {
    if (options.check_layout) refuse('layout', actual.layout, expected.layout, path);
  } else if (actual.layout === dtypes.strided && options.check_stride) {
    const [a, b] = [actual.stride(), expected.stride()];
    if (!sameShape(a, b)) refuse('stride()', tupleText(a), tupleText(b), path);
  }
  const [from, to] = [String(actual.device), String(expected.device)];
  if (options.check_device && from !== to) refuse('device', from, to, path);
  if (options.check_dtype && actual.dtype !== expected.dtype) refuse('dtype', actual.dtype, expected.dtype, path);
}

const WIDE_UNSIGNED: readonly dtypes.Dtype[] = [dtypes.uint16, dtypes.uint32, dtypes.uint64];

/** The two on one device, in one dtype and one layout. */
function equalize(actual: Tensor, expected: Tensor): [Tensor, Tensor] {
  let pair: [Tensor, Tensor] = [actual, expected];
  const each = (change: (tensor: Tensor) => Tensor): void => {
    pair = [change(pair[0]), change(pair[1])];
  };
  if (!actual.device.equals(expected.device)) each((tensor) => tensor.cpu());
  if (actual.dtype !== expected.dtype) {
    const signed = ({ dtype }: Tensor): dtypes.Dtype => (WIDE_UNSIGNED.includes(dtype) ? dtypes.int64 : dtype);
    const common = promote_types(signed(actual), signed(expected));
    each((tensor) => tensor.to(common));
  }
  if (actual.layout !== expected.layout) {
    each((tensor) => (tensor.layout === dtypes.strided ? tensor : tensor.to_dense()));
  }
  return pair;
}

/** Elements of dense tensors. */
function compareDense(actual: Tensor, expected: Tensor, how: Closeness, path: Path): void {
  const { rtol, atol, equal_nan } = how;
  const matches = actual.isclose(expected, { rtol, atol, equal_nan });
  if (matches.all().item()) return;
  if (actual.ndim > 0) throw Failure.mismatch(tensorMismatch(actual, expected, matches, how), path);
  const number = (tensor: Tensor) => {
    const value = tensor.item();
    return readNumber(tensor.dtype.is_floating_point ? new Float(value as number) : value);
  };
  const [a, b] = [number(actual), number(expected)];
  if (a !== undefined && b !== undefined) throw Failure.mismatch(scalarMismatch(a, b, how), path);
  throw Failure.mismatch(booleanMismatch(actual, expected, how), path);
}

/** Two booleans without dimensions: Python subtracts them as ints. */
function booleanMismatch(actual: Tensor, expected: Tensor, how: Closeness): string {
  const int = (tensor: Tensor) => ({ kind: 'int', int: tensor.item() ? 1n : 0n }) as const;
  return scalarMismatch(int(actual), int(expected), how).replace(
    /^Expected .*$/m,
    `Expected ${text(expected.item())} but got ${text(actual.item())}.`,
  );
}

function refuseCount(what: string, actual: number, expected: number, path: Path): void {
  if (actual === expected) return;
  throw Failure.mismatch(`The number of ${what} does not match: ${actual} != ${expected}`, path);
}

const EXACTLY = { rtol: 0, atol: 0, equal_nan: false } as const;

function compareCoo(actual: Tensor, expected: Tensor, how: Closeness, path: Path): void {
  refuseCount('sparse dimensions in sparse COO tensors', actual.sparse_dim(), expected.sparse_dim(), path);
  refuseCount('specified values in sparse COO tensors', actual._nnz(), expected._nnz(), path);
  compareDense(actual._indices(), expected._indices(), { ...EXACTLY, identifier: 'Sparse COO indices' }, path);
  compareDense(actual._values(), expected._values(), { ...how, identifier: 'Sparse COO values' }, path);
}

function compareCompressed(actual: Tensor, expected: Tensor, how: Closeness, path: Path): void {
  const format = actual.layout.name.slice(-3).toUpperCase();
  const byRow = actual.layout === dtypes.sparse_csr || actual.layout === dtypes.sparse_bsr;
  refuseCount(`specified values in sparse ${format} tensors`, actual._nnz(), expected._nnz(), path);
  const names = byRow ? (['crow_indices', 'col_indices'] as const) : (['ccol_indices', 'row_indices'] as const);
  const dtype = promote_types(actual[names[0]]().dtype, expected[names[0]]().dtype);
  for (const name of names) {
    const identifier = `Sparse ${format} ${name}`;
    compareDense(actual[name]().to(dtype), expected[name]().to(dtype), { ...EXACTLY, identifier }, path);
  }
  compareDense(actual.values(), expected.values(), { ...how, identifier: `Sparse ${format} values` }, path);
}

function compareValues(actual: Tensor, expected: Tensor, how: Closeness, path: Path): void {
  if (isQuantized(actual)) {
    const identifier = (name: string): string => `Quantized ${name.toLowerCase()}`;
    compareDense(actual.dequantize(), expected.dequantize(), { ...how, identifier }, path);
  } else if (actual.layout === dtypes.sparse_coo) compareCoo(actual, expected, how, path);
  else if (isSparse(actual)) compareCompressed(actual, expected, how, path);
  else if (actual.dtype.is_floating_point && actual.dtype.itemsize === 1 && (how.rtol !== 0 || how.atol !== 0)) {
    throw Failure.mismatch(
      `Rtol=${text(how.rtol)} and atol=${text(how.atol)} are not supported for bitwise comparison of low ` +
        'dimensional floats. Please use rtol=0.0 and atol=0.0.',
      path,
    );
  } else compareDense(actual, expected, how, path);
}

/** Two tensors, or two typed arrays of one kind. */
export const tensorPair: PairMaker = (given, wanted, options, path) => {
  const [actual, expected] = [toTensor(given), toTensor(wanted)];
  if (actual === undefined || expected === undefined) return undefined;
  if (!areRelated(given as object, wanted as object, options.allow_subclasses)) return undefined;
  for (const { layout } of [actual, expected]) {
    if (layout !== dtypes._mkldnn) continue;
    throw new Failure((message) => new ValueError(message), `Unsupported tensor layout ${layout}`, path);
  }
  const [rtol, atol] = tolerances([actual.dtype, expected.dtype], options.rtol, options.atol, path);
  const { equal_nan, check_device, check_dtype, check_layout, check_stride } = options;
  return {
    compare() {
      compareAttributes(actual, expected, options, path);
      if ([actual, expected].some(({ device }) => device.type === 'meta')) return;
      const [a, b] = equalize(actual, expected);
      compareValues(a, b, { rtol, atol, equal_nan }, path);
    },
    toString() {
      const checks = { check_device, check_dtype, check_layout, check_stride };
      return pairText('TensorLikePair', path, Object.entries({ actual, expected, rtol, atol, equal_nan, ...checks }));
    },
  };
};
