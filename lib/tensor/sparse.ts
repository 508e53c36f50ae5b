/**
 * Constructors of sparse tensors. Unlike Python's, they check indices unless `check_invariants` is false: wrong ones make
 * operations read foreign memory.
 */
import { TorchError } from '../errors';
import { type NativeOp, native } from '../native';
import { wrap } from './bridge';
import { as_tensor } from './creation';
import type { DeviceLike } from './device';
import { int64, type Dtype, Layout, sparse_bsc, sparse_bsr, sparse_coo, sparse_csc, sparse_csr } from './dtype';
import { handleOf, isTensor } from './handle';
import type { TensorData } from './nested';
import { isKeywords } from './arguments';
import { describe, refuseUnknown } from './options';
import type { Tensor } from './tensor';

/** Options of the constructors. */
export interface SparseOptions {
  dtype?: Dtype | null;
  device?: DeviceLike | null;
  requires_grad?: boolean;
  /** Whether indices are checked; they are by default. */
  check_invariants?: boolean | null;
}

/** Options of `sparse_coo_tensor`. */
export interface SparseCooOptions extends SparseOptions {
  /** Whether the indices are sorted and distinct. */
  is_coalesced?: boolean | null;
}

/** Options of `sparse_compressed_tensor`. */
export interface SparseCompressedOptions extends SparseOptions {
  layout: Layout;
}

const ops: Partial<Record<string, NativeOp>> = {};

function run(name: string): NativeOp {
  const op = ops[name] ?? native.op(`aten::${name}`);
  ops[name] = op;
  return op;
}

/** A tensor as it is, with its history; other data as a new one. */
function valuesOf(values: TensorData, { dtype, device }: SparseOptions): Tensor {
  return as_tensor(values, { ...(dtype ? { dtype } : {}), ...(device ? { device } : {}) });
}

function indicesOf(indices: TensorData, values: Tensor, keepDtype = false): Tensor {
  const dtype = keepDtype && isTensor(indices) ? (indices as Tensor).dtype : int64;
  return as_tensor(indices, { dtype, device: values.device });
}

function finish(result: Tensor, options: SparseOptions): Tensor {
  if (options.requires_grad === true) native.set_requires_grad(handleOf(result), true);
  return result;
}

/**
 * A sparse tensor in coordinate form: `values[i]` at `indices[:, i]`; doubled coordinates add up. Without a size it is
 * the smallest that fits. `sparse_coo_tensor(size)` is empty.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse_coo_tensor.html
 */
export function sparse_coo_tensor(size: readonly number[], options?: SparseCooOptions): Tensor;
export function sparse_coo_tensor(
  indices: TensorData,
  values: TensorData,
  size?: readonly number[] | null,
  options?: SparseCooOptions,
): Tensor;
export function sparse_coo_tensor(indices: TensorData, values: TensorData, options: SparseCooOptions): Tensor;
export function sparse_coo_tensor(...args: unknown[]): Tensor {
  const allowed = ['dtype', 'device', 'requires_grad', 'check_invariants', 'is_coalesced'];
  const { given, options } = split<SparseCooOptions>('sparse_coo_tensor', args, allowed);
  if (given.length === 1) {
    const device = options.device ? String(options.device) : undefined;
    const empty = run('sparse_coo_tensor.size');
    const result = wrap(empty(given[0], options.dtype?.code, sparse_coo.code, device));
    return finish(result, options);
  }
  if (given.length < 2 || given.length > 3) throw wrongCount('sparse_coo_tensor', given.length);
  const values = valuesOf(given[1] as TensorData, options);
  const indices = indicesOf(given[0] as TensorData, values);
  const size = given[2] as readonly number[] | null | undefined;
  const coalesced = options.is_coalesced ?? null;
  const common = [values.dtype.code, sparse_coo.code, String(values.device), null, coalesced];
  const [i, v] = [handleOf(indices), handleOf(values)];
  const result = wrap(
    size
      ? run('sparse_coo_tensor.indices_size')(i, v, size, ...common)
      : run('sparse_coo_tensor.indices')(i, v, ...common),
  );
  if (options.check_invariants !== false) {
    run('_validate_sparse_coo_tensor_args')(i, v, native.shape(handleOf(result)), coalesced);
  }
  return finish(result, options);
}

function split<Options extends SparseOptions>(
  name: string,
  args: readonly unknown[],
  allowed: readonly string[],
): { given: readonly unknown[]; options: Partial<Options> } {
  const last = args.at(-1);
  const options = (isKeywords(last) ? last : {}) as Partial<Options>;
  refuseUnknown(name, options, allowed);
  return { given: last === options ? args.slice(0, -1) : args, options };
}

function wrongCount(name: string, count: number): TypeError {
  return new TypeError(`${name}(): expected indices, values and, if wanted, a size, but got ${count} arguments`);
}

function compressed(name: string, layout: Layout | undefined, args: readonly unknown[]): Tensor {
  const allowed = ['dtype', 'device', 'requires_grad', 'check_invariants', 'layout'];
  const { given, options } = split<SparseCompressedOptions>(name, args, allowed);
  if (given.length < 3 || given.length > 4) throw wrongCount(name, given.length);
  const chosen = layout ?? options.layout;
  if (!(chosen instanceof Layout)) {
    throw new TorchError(
      `${name} expected sparse compressed tensor layout but got ${chosen === undefined ? 'none' : describe(chosen)}`,
    );
  }
  const values = valuesOf(given[2] as TensorData, options);
  const first = indicesOf(given[0] as TensorData, values, true);
  const second = indicesOf(given[1] as TensorData, values, true);
  const [c, p, v] = [handleOf(first), handleOf(second), handleOf(values)];
  const size = given[3] as readonly number[] | null | undefined;
  const common = [values.dtype.code, chosen.code, String(values.device), null];
  const result = wrap(
    size
      ? run('sparse_compressed_tensor.comp_plain_value_size')(c, p, v, size, ...common)
      : run('sparse_compressed_tensor.comp_plain_value')(c, p, v, ...common),
  );
  if (options.check_invariants !== false) {
    run('_validate_sparse_compressed_tensor_args')(c, p, v, native.shape(handleOf(result)), chosen.code);
  }
  return finish(result, options);
}

/** How the compressed constructors are called: two lists of indices, values, a size if wanted, options. */
export interface SparseCompressed<Options> {
  (compressed: TensorData, plain: TensorData, values: TensorData, options?: Options): Tensor;
  (
    compressed: TensorData,
    plain: TensorData,
    values: TensorData,
    size?: readonly number[] | null,
    options?: Options,
  ): Tensor;
}

const maker =
  (name: string, layout: Layout): SparseCompressed<SparseOptions> =>
  (...args: unknown[]) =>
    compressed(name, layout, args);

/** A sparse tensor of the `layout` that the options name. */
export const sparse_compressed_tensor: SparseCompressed<SparseCompressedOptions> = (...args: unknown[]) =>
  compressed('sparse_compressed_tensor', undefined, args);

/** A sparse tensor with compressed rows. */
export const sparse_csr_tensor = maker('sparse_csr_tensor', sparse_csr);

/** A sparse tensor with compressed columns. */
export const sparse_csc_tensor = maker('sparse_csc_tensor', sparse_csc);

/** A sparse tensor with compressed rows of dense blocks. */
export const sparse_bsr_tensor = maker('sparse_bsr_tensor', sparse_bsr);

/** A sparse tensor with compressed columns of dense blocks. */
export const sparse_bsc_tensor = maker('sparse_bsc_tensor', sparse_bsc);
