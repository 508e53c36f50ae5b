/** Reductions of what a mask leaves (`torch/masked/_ops.py`). */
import { ValueError } from '../native';
import * as raw from '../generated/functions';
import { vector_norm } from '../generated/linalg';
import { bool, type Dtype, float32, int16, int32, int64, int8, type Scalar, sparse_csr, strided, uint8 } from '../core';
import { pythonFunction } from '../call';
import type { Tensor } from '../memory';
import { canonicalDims, combineInputAndMask, type Dims, inputMask } from './combine';
import { demandMask, reduceSparseCoo, reduceSparseCsr, type SparseReduction } from './sparse_reduce';

const reductionNames = ['input', 'dim', '*', 'keepdim', 'dtype', 'mask'] as const;
const narrow: readonly Dtype[] = [uint8, bool, int8, int16, int32];

/** Refuses layouts that an operation does not have. */
export function refuseLayout(operation: string, tensor: Tensor, layouts = 'strided'): never {
  throw new ValueError(`masked ${operation} expects ${layouts} tensor (got ${tensor.layout} tensor)`);
}

/** Implementation of an operation for each of the three layouts. */
type ByLayout = Readonly<Record<'strided' | 'sparse_coo' | 'sparse_csr', () => Tensor>>;

function inLayout(operation: SparseReduction, masked: Tensor, mask: Tensor | null, run: ByLayout): Tensor {
  const { name } = masked.layout;
  if (!Object.hasOwn(run, name)) return refuseLayout(operation, masked, 'strided, sparse_coo or sparse_csr');
  const layout = name as keyof ByLayout;
  // What is not stored counts as 0, which only a sum may take for granted.
  if (layout !== 'strided' && operation !== 'sum') demandMask(operation, layout, mask);
  return run[layout]();
}

/** Sums and products of narrow integers are int64; CSR tensors are converted before, and keep `dtype` open. */
function widened(input: Tensor, dtype: Dtype | null): [Tensor, Dtype | null] {
  if (dtype !== null) return [input, dtype];
  if (!narrow.includes(input.dtype)) return [input, input.dtype];
  if (input.layout !== sparse_csr) return [input, int64];
  return [input.to_sparse().to(int64).to_sparse_csr(), null];
}

type Reduce = (masked: Tensor, dims: readonly number[], keep: boolean, dtype: Dtype | null) => Tensor;

/** Sums and products, which libtorch has for CSR tensors too. */
function total(operation: 'sum' | 'prod', reduce: Reduce, reduceCsr: typeof raw._sparse_csr_sum) {
  return pythonFunction(
    operation,
    reductionNames,
    (
      given: Tensor,
      dim: Dims = null,
      keepdim: boolean | null = false,
      dtype: Dtype | null = null,
      mask: Tensor | null = null,
    ): Tensor => {
      const [input, wide] = widened(given, dtype);
      const dims = canonicalDims(dim, input.ndim);
      const masked = combineInputAndMask(operation, input, mask);
      const keep = Boolean(keepdim);
      return inLayout(operation, masked, mask, {
        strided: () => reduce(masked, dims, keep, wide),
        sparse_coo: () => reduceSparseCoo(operation, masked, dims, keep, wide as Dtype),
        sparse_csr: () => reduceCsr(masked, dims, keep, { dtype: wide }),
      });
    },
  );
}

/** The sum of the elements that `mask` leaves, over `dim`. */
export const sum = total(
  'sum',
  (masked, dims, keep, dtype) => raw.sum(masked, dims, keep, { dtype }),
  raw._sparse_csr_sum,
);

/** The product of the elements that `mask` leaves, over `dim`. */
export const prod = total(
  'prod',
  (masked, dims, keep, dtype) => dims.reduceRight((product, d) => product.prod(d, keep), masked.to(dtype as Dtype)),
  raw._sparse_csr_prod,
);

function extreme(operation: 'amax' | 'amin', run: typeof raw.amax) {
  return pythonFunction(
    operation,
    reductionNames,
    (
      input: Tensor,
      dim: Dims = null,
      keepdim: boolean | null = false,
      dtype: Dtype | null = null,
      mask: Tensor | null = null,
    ): Tensor => {
      const wanted = dtype ?? input.dtype;
      const masked = combineInputAndMask(operation, input, mask);
      const dims = canonicalDims(dim, masked.ndim);
      const keep = Boolean(keepdim);
      return inLayout(operation, masked, mask, {
        strided: () => run(masked, dims, keep).to(wanted),
        sparse_coo: () => reduceSparseCoo(operation, masked, dims, keep, wanted),
        sparse_csr: () => reduceSparseCsr(operation, masked, dims, keep, wanted),
      });
    },
  );
}

/** The largest of the elements that `mask` leaves, over `dim`. */
export const amax = extreme('amax', raw.amax);

/** The smallest of the elements that `mask` leaves, over `dim`. */
export const amin = extreme('amin', raw.amin);

function argument(operation: 'argmax' | 'argmin', run: typeof raw.argmax) {
  return pythonFunction(
    operation,
    reductionNames,
    (
      input: Tensor,
      dim: number | null = null,
      keepdim: boolean | null = false,
      dtype: Dtype | null = null,
      mask: Tensor | null = null,
    ): Tensor => {
      const masked = combineInputAndMask(operation, input, mask);
      if (masked.layout !== strided) return refuseLayout(operation, masked);
      return run(masked, dim, Boolean(keepdim)).to(dtype ?? input.dtype);
    },
  );
}

/** Position of the largest of the elements that `mask` leaves. */
export const argmax = argument('argmax', raw.argmax);

/** Position of the smallest of the elements that `mask` leaves. */
export const argmin = argument('argmin', raw.argmin);

/** Number of elements that `mask` leaves and their sum, over `dim`. */
export function countAndTotal(
  input: Tensor,
  dim: Dims,
  keepdim: boolean | null,
  dtype: Dtype,
  mask: Tensor | null,
): [count: Tensor, total: Tensor, mask: Tensor | null] {
  if (mask === null) {
    const ones = raw.ones(input.shape, { dtype: int64, device: input.device });
    return [sum(ones, dim, { keepdim }), sum(input, dim, { keepdim, dtype }), null];
  }
  const inside = inputMask(input, mask);
  const count = inside.sum(dim, Boolean(keepdim));
  return [count, sum(input, dim, { keepdim, dtype, mask: inside }), inside];
}

/** The mean of the elements that `mask` leaves, over `dim`. */
export const mean = pythonFunction(
  'mean',
  reductionNames,
  (
    input: Tensor,
    dim: Dims = null,
    keepdim: boolean | null = false,
    dtype: Dtype | null = null,
    mask: Tensor | null = null,
  ): Tensor => {
    const wanted = dtype ?? input.dtype;
    if (!wanted.is_floating_point && !wanted.is_complex) {
      throw new ValueError(
        `mean(): Could not infer output dtype. ${dtype === null ? 'Input' : 'Optional'} dtype must be either a ` +
          `floating point or complex dtype. Got: ${wanted}`,
      );
    }
    if (input.layout === strided) {
      const [count, total] = countAndTotal(input, dim, keepdim, wanted, mask);
      return total.div(count);
    }
    if (input.layout === sparse_csr) {
      const masked = combineInputAndMask('mean', input, mask);
      const dims = canonicalDims(dim, masked.ndim);
      demandMask('mean', 'sparse_csr', mask);
      return reduceSparseCsr('mean', masked, dims, Boolean(keepdim), wanted);
    }
    return refuseLayout('mean', input, 'strided or sparse_csr');
  },
);

/** The median of the elements that `mask` leaves, along `dim`. */
export const median = pythonFunction(
  'median',
  reductionNames,
  (
    input: Tensor,
    dim: number = -1,
    keepdim: boolean = false,
    dtype: Dtype | null = null,
    mask: Tensor | null = null,
  ): Tensor => {
    const [along] = canonicalDims(dim, input.ndim) as [number];
    const isFloat = input.dtype.is_floating_point;
    const masked = combineInputAndMask('median', isFloat ? input : input.to(float32), mask);
    if (masked.layout !== strided) return refuseLayout('median', masked);
    const output = raw.nanmedian(masked, along, keepdim).values;
    if (isFloat) return output;
    if (!output.isnan().any().item()) return output.to(dtype ?? input.dtype);
    throw new ValueError('masked median expects no fully masked out rows if dtype is not floating point');
  },
);

/** log Σ exp of the elements that `mask` leaves, over `dim`. */
export const logsumexp = pythonFunction(
  'logsumexp',
  reductionNames,
  (
    input: Tensor,
    dim: Dims = null,
    keepdim: boolean = false,
    dtype: Dtype | null = null,
    mask: Tensor | null = null,
  ): Tensor => {
    const dims = canonicalDims(dim, input.ndim);
    const masked = combineInputAndMask('logsumexp', input, mask);
    if (masked.layout !== strided) return refuseLayout('logsumexp', masked);
    return raw.logsumexp(masked, dims, keepdim).to(dtype ?? input.dtype);
  },
);

/** The norm of order `ord` of the elements that `mask` leaves, over `dim`. */
export const norm = pythonFunction(
  'norm',
  ['input', 'ord', 'dim', '*', 'keepdim', 'dtype', 'mask'],
  (
    input: Tensor,
    ord: Scalar | null = 2,
    dim: Dims = null,
    keepdim: boolean | null = false,
    dtype: Dtype | null = null,
    mask: Tensor | null = null,
  ): Tensor => {
    const masked = combineInputAndMask('norm', input, mask, ord);
    if (masked.layout !== strided) return refuseLayout('norm', masked);
    const dims = canonicalDims(dim, input.ndim);
    return vector_norm(masked, ord as Scalar, dims, Boolean(keepdim), { dtype: dtype ?? input.dtype });
  },
);
