/**
 * Sparse tensors from indices and values (`torch/csrc/utils/tensor_new.cpp`). Unlike Python's, these check the indices
 * unless told not to: with wrong ones operators read foreign memory.
 */
import { type Handle, native, TorchError } from '../native';
import { aten, get_default_dtype, handBound } from '../call';
import { handleOf, type Tensor, wrap } from '../memory';
import {
  type DeviceLike,
  type Dtype,
  int64,
  type Layout,
  sparse_bsc,
  sparse_bsr,
  sparse_coo,
  sparse_csc,
  sparse_csr,
} from '../core';
import type { TensorData } from '../tensor';
import { asIndices, asTensor } from './data';
import { check_sparse_tensor_invariants } from './invariants';

/** Options of every sparse tensor. */
export interface SparseOptions {
  /** Element type; by default that of the values. */
  dtype?: Dtype | null;
  /** Device of the tensor; by default that of the values. */
  device?: DeviceLike | null;
  /** Whether autograd records operations on it. */
  requires_grad?: boolean;
  /** Whether to check the indices. Default true. */
  check_invariants?: boolean | null;
}

function finish(handle: Handle, requires_grad: unknown): Tensor {
  if (requires_grad === true) native.set_requires_grad(handle, true);
  return wrap(handle);
}

/** Dtype, layout and device like those of `values`, and whether to pin, as operators take them. */
function optionsOf(values: Tensor, layout: Layout, pin = false): [number, number, string, boolean] {
  return [values.dtype.code, layout.code, String(values.device), pin];
}

const kind = '*; ScalarType? dtype=None; Device? device=None';
const grad = 'bool requires_grad=False; bool? check_invariants=None';
const tail = `${kind}; bool pin_memory=False; ${grad}; bool? is_coalesced=None`;
const parseCoo = handBound('sparse_coo_tensor', [
  `object indices; object values; ${tail}`,
  `object indices; object values; int[] size; ${tail}`,
  `int[] size; ${kind}; ${grad}`,
]);

type Flag = boolean | null | undefined;
type Placed = [Dtype | undefined, DeviceLike | undefined];

/** Options of COO tensors. */
export interface CooOptions extends SparseOptions {
  /** Whether to place indices and values in pinned memory. */
  pin_memory?: boolean;
  /** Whether the indices are known to be sorted and distinct. By default that is unknown. */
  is_coalesced?: boolean | null;
}

/**
 * A COO tensor of `size` (by default as large as the indices need): `indices` [sparse dimensions, n] say where, and
 * `values` [n, …dense dimensions] what is stored. With `size` alone it stores nothing.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_coo_tensor.html
 */
export function sparse_coo_tensor(
  indices: TensorData,
  values: TensorData,
  size: readonly number[],
  options?: CooOptions,
): Tensor;
export function sparse_coo_tensor(indices: TensorData, values: TensorData, options?: CooOptions): Tensor;
export function sparse_coo_tensor(size: readonly number[], options?: SparseOptions): Tensor;
export function sparse_coo_tensor(...args: unknown[]): Tensor {
  const { form, values: given } = parseCoo(args);
  if (form === 2) {
    const [dtype, device, requires_grad, check] = given.slice(1) as [...Placed, Flag, Flag];
    const code = (dtype ?? get_default_dtype()).code;
    const make = () =>
      aten('sparse_coo_tensor.size')(given[0], code, sparse_coo.code, device == null ? null : String(device), false);
    return finish(check_sparse_tensor_invariants(make, check ?? true), requires_grad);
  }
  const [dtype, device, pin_memory, requires_grad, check, is_coalesced] = given.slice(form === 0 ? 2 : 3) as [
    ...Placed,
    ...Flag[],
  ];
  const values = asTensor(given[1], dtype ?? undefined, device ?? undefined);
  const indices = asTensor(given[0], int64, device ?? values.device);
  const options = optionsOf(values, sparse_coo, pin_memory ?? false);
  const [i, v] = [handleOf(indices), handleOf(values)];
  const make = () =>
    form === 0
      ? aten('sparse_coo_tensor.indices')(i, v, ...options, is_coalesced ?? null)
      : aten('sparse_coo_tensor.indices_size')(i, v, given[2], ...options, is_coalesced ?? null);
  return finish(check_sparse_tensor_invariants(make, check ?? true), requires_grad);
}

/** Options of compressed sparse tensors. */
export interface CompressedOptions extends SparseOptions {
  /** Whether to place the values in pinned memory. */
  pin_memory?: boolean;
}

/** A constructor of compressed sparse tensors. */
export interface CompressedConstructor<Options = CompressedOptions> {
  (
    compressed_indices: TensorData,
    plain_indices: TensorData,
    values: TensorData,
    size: readonly number[],
    options?: Options,
  ): Tensor;
  (compressed_indices: TensorData, plain_indices: TensorData, values: TensorData, options?: Options): Tensor;
}

function compressed(name: string, indexNames: readonly [string, string], required?: Layout): CompressedConstructor {
  const first = `object ${indexNames[0]}; object ${indexNames[1]}; object values`;
  const rest =
    '*; ScalarType? dtype=None; Layout? layout=None; Device? device=None; bool pin_memory=False; ' +
    'bool requires_grad=False; bool? check_invariants=None';
  const parse = handBound(name, [`${first}; int[] size; ${rest}`, `${first}; ${rest}`]);
  const call = (...args: unknown[]): Tensor => {
    const { form, values: given } = parse(args);
    const [dtype, layout = required, device, pin_memory, requires_grad, check] = given.slice(form === 0 ? 4 : 3) as [
      Dtype | undefined,
      Layout | undefined,
      DeviceLike | undefined,
      boolean | undefined,
      boolean | undefined,
      boolean | null | undefined,
    ];
    const values = asTensor(given[2], dtype ?? undefined, device ?? undefined);
    const place = device ?? values.device;
    const indices = [asIndices(given[0], undefined, place), asIndices(given[1], undefined, place)];
    if (required !== undefined && layout !== required) {
      throw new TorchError(`${name}: layout must be ${layoutName(required)} but got ${layoutName(layout as Layout)}`);
    }
    const options = optionsOf(values, layout ?? values.layout, pin_memory);
    const tensors = [...indices, values].map(handleOf);
    const make = () =>
      form === 0
        ? aten('sparse_compressed_tensor.comp_plain_value_size')(...tensors, given[3], ...options)
        : aten('sparse_compressed_tensor.comp_plain_value')(...tensors, ...options);
    return finish(check_sparse_tensor_invariants(make, check ?? true), requires_grad);
  };
  Object.defineProperty(call, 'name', { value: name });
  return call as CompressedConstructor;
}

/** `SparseCsr`, as C++ writes `torch.sparse_csr`. */
function layoutName(layout: Layout): string {
  const words = String(layout).replace('torch.', '').split('_');
  return words.map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`).join('');
}

/**
 * A tensor in a compressed sparse layout, which has to be named: CSR, CSC, BSR or BSC.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_compressed_tensor.html
 */
export const sparse_compressed_tensor = compressed('sparse_compressed_tensor', [
  'compressed_indices',
  'plain_indices',
]) as CompressedConstructor<CompressedOptions & { layout?: Layout | null }>;

/**
 * A matrix compressed by rows: `crow_indices` [rows + 1] say where each row begins.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_csr_tensor.html
 */
export const sparse_csr_tensor = compressed('sparse_csr_tensor', ['crow_indices', 'col_indices'], sparse_csr);

/**
 * A matrix compressed by columns: `ccol_indices` [columns + 1] say where each column begins.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_csc_tensor.html
 */
export const sparse_csc_tensor = compressed('sparse_csc_tensor', ['ccol_indices', 'row_indices'], sparse_csc);

/**
 * A matrix of dense blocks, compressed by rows of blocks.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_bsr_tensor.html
 */
export const sparse_bsr_tensor = compressed('sparse_bsr_tensor', ['crow_indices', 'col_indices'], sparse_bsr);

/**
 * A matrix of dense blocks, compressed by columns of blocks.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_bsc_tensor.html
 */
export const sparse_bsc_tensor = compressed('sparse_bsc_tensor', ['ccol_indices', 'row_indices'], sparse_bsc);
