/** `torch.func.vmap`. */
import { pythonFunction } from '../call';
import { listText, typeName, valueText } from '../core';
import { cat } from '../generated/functions';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { native, TorchError, ValueError } from '../native';
import { get_rng_state, set_rng_state } from '../random';
import { inVmap, type Randomness, wrapped } from './levels';
import { broadcast, flatten, type Structure, structureText, type Tree, unflatten } from './pytree';

/** Dimension of each tensor, or null: a number for all, or a tree like theirs, or a beginning of it. */
export type Dims = Tree<number | null>;

interface Batch {
  readonly size: number;
  readonly leaves: readonly unknown[];
  readonly dims: readonly (number | null)[];
  readonly structure: Structure;
}

/** What is the same for all calls of one function that vmap has made. */
interface Mapping {
  readonly func: (...args: unknown[]) => unknown;
  readonly name: string;
  readonly in_dims: Dims;
  readonly out_dims: Dims;
  readonly randomness: Randomness;
}

function batchSize(dims: readonly (number | null)[], leaves: readonly unknown[]): number {
  const sizes = dims.flatMap((dim, i) => (dim === null ? [] : (leaves[i] as Tensor).size(dim)));
  if (sizes.length === 0) throw new ValueError('vmap: Expected at least one Tensor to vmap over');
  if (sizes.some((size) => size !== sizes[0])) {
    throw new ValueError(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes ${listText(sizes)} for the mapped dimension`,
    );
  }
  return sizes[0]!;
}

function dimText(dims: Dims): string {
  return valueText(dims);
}

function readInputs({ in_dims, name }: Mapping, args: readonly unknown[]): Batch {
  const call = `vmap(${name}, in_dims=${dimText(in_dims)}, ...)(<inputs>)`;
  if (args.length === 0) {
    throw new ValueError(
      `vmap(${name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a function with no inputs. The latter is unsupported.`,
    );
  }
  if (in_dims === null) {
    throw new ValueError(
      `${call}: expected \`in_dims\` to be int or a (potentially nested) tuple matching the structure of inputs, got: <class 'NoneType'>.`,
    );
  }
  const [leaves, structure] = flatten(args);
  const found = broadcast(in_dims, structure);
  if (found === undefined) {
    throw new ValueError(
      `${call}: in_dims is not compatible with the structure of \`inputs\`. in_dims has structure ${structureText(flatten(in_dims)[1])} but inputs has structure ${structureText(structure)}.`,
    );
  }
  const dims = found.map((dim, i): number | null => {
    const leaf = leaves[i];
    if (dim === null) return null;
    if (!Number.isInteger(dim)) {
      throw new ValueError(
        `${call}: Got in_dim=${valueText(dim)} for an input but in_dim must be either an integer dimension or None.`,
      );
    }
    if (!isTensor(leaf)) {
      throw new ValueError(
        `${call}: Got in_dim=${dim} for an input but the input is of type <class '${typeName(leaf)}'>. We cannot vmap over non-Tensor arguments, please use None as the respective in_dim`,
      );
    }
    const { ndim } = leaf as Tensor;
    const number = dim as number;
    if (number < -ndim || number >= ndim) {
      throw new ValueError(
        `${call}: Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${ndim} so expected in_dim to satisfy -${ndim} <= in_dim < ${ndim}.`,
      );
    }
    return number < 0 ? number + ndim : number;
  });
  return { size: batchSize(dims, leaves), leaves, dims, structure };
}

function outputDims({ out_dims, name }: Mapping, outputs: unknown, structure: Structure): (number | null)[] {
  const single = isTensor(outputs) && Array.isArray(out_dims) && out_dims.length === 1;
  const found = broadcast(single ? (out_dims as Dims[])[0] : out_dims, structure);
  if (found !== undefined) return found as (number | null)[];
  throw new ValueError(
    `vmap(${name}, ..., out_dims=${dimText(out_dims)})(<inputs>): out_dims is not compatible with the structure of \`outputs\`. out_dims has structure ${structureText(flatten(out_dims)[1])} but outputs has structure ${structureText(structure)}.`,
  );
}

function unbatched(name: string, output: unknown, level: number, size: number, dim: number | null): unknown {
  if (dim === null) {
    if (isTensor(output) && native.is_batchedtensor(handleOf(output))) {
      throw new ValueError(`vmap(${name}, ...): \`${name}\` can not return a BatchedTensor when out_dim is None`);
    }
    return output;
  }
  if (!isTensor(output)) {
    throw new ValueError(
      `vmap(${name}, ...): \`${name}\` must only return Tensors, got type <class '${typeName(output)}'>. Did you mean to set out_dims= to None for output?`,
    );
  }
  return wrapped(output as Tensor, native.remove_batch_dim(handleOf(output), level, size, dim));
}

function run(mapping: Mapping, { size, leaves, dims, structure }: Batch): unknown {
  return inVmap(size, mapping.randomness, (level) => {
    const batched = leaves.map((leaf, i) => {
      const dim = dims[i]!;
      return dim === null ? leaf : wrap(native.add_batch_dim(handleOf(leaf as Tensor), dim, level));
    });
    const outputs = mapping.func(...(unflatten(batched, structure) as unknown[]));
    const [flat, outputStructure] = flatten(outputs);
    const outDims = outputDims(mapping, outputs, outputStructure);
    return unflatten(
      flat.map((output, i) => unbatched(mapping.name, output, level, size, outDims[i]!)),
      outputStructure,
    );
  });
}

/** The same, some indices at a time: the same random numbers for each part with `randomness: 'same'`. */
function runInChunks(mapping: Mapping, batch: Batch, chunk_size: number): unknown {
  const generator = mapping.randomness === 'same' ? get_rng_state() : null;
  const parts: unknown[][] = [];
  let structure: Structure = null;
  for (let start = 0; start < batch.size; start += chunk_size) {
    const size = Math.min(chunk_size, batch.size - start);
    const leaves = batch.leaves.map((leaf, i) => {
      const dim = batch.dims[i]!;
      return dim === null ? leaf : (leaf as Tensor).narrow(dim, start, size);
    });
    if (generator !== null) set_rng_state(generator);
    const [flat, found] = flatten(run(mapping, { ...batch, size, leaves }));
    parts.push(flat);
    structure = found;
  }
  const outDims = broadcast(mapping.out_dims, structure) as (number | null)[];
  const joined = outDims.map((dim, i) =>
    cat(
      parts.map((part) => part[i] as Tensor),
      dim ?? 0,
    ),
  );
  return unflatten(joined, structure);
}

const OUT_DIMS_WORDS =
  '`out_dims` must be an int, None or a python collection of ints representing where in the outputs the vmapped dimension should appear.';

const mapped = pythonFunction(
  'vmap',
  ['func', 'in_dims', 'out_dims', 'randomness', '*', 'chunk_size'],
  (
    func: Mapping['func'],
    in_dims: Dims = 0,
    out_dims: Dims = 0,
    randomness: Randomness = 'error',
    chunk_size: number | null = null,
  ): Mapping['func'] => {
    if (!['error', 'different', 'same'].includes(randomness)) {
      throw new TorchError(
        `Only allowed values for randomness are 'error', 'different', or 'same'. Got ${valueText(randomness)}`,
      );
    }
    if (chunk_size !== null && !(chunk_size > 0)) {
      throw new ValueError(`vmap: chunk_size should be None or greater than 0. (got ${chunk_size})`);
    }
    const { name } = func as { name?: string };
    const mapping: Mapping = {
      func,
      name: name || 'function',
      in_dims,
      out_dims,
      randomness,
    };
    if (flatten(out_dims)[0].some((dim) => dim !== null && !Number.isInteger(dim))) {
      throw new ValueError(`vmap(${mapping.name}, ..., out_dims=${dimText(out_dims)}): ${OUT_DIMS_WORDS}`);
    }
    return (...args) => {
      const batch = readInputs(mapping, args);
      return chunk_size === null ? run(mapping, batch) : runInChunks(mapping, batch, chunk_size);
    };
  },
);

/** Keywords of `vmap`. */
export interface VmapOptions {
  /** Dimension of each argument that is hidden from the function; null for none. Default 0. */
  in_dims?: Dims;
  /** Where it appears in the results. Default 0. */
  out_dims?: Dims;
  /** Way to draw: an error by default. */
  randomness?: Randomness;
  /** How many indices go at once. Default all. */
  chunk_size?: number | null;
}

/** The ways to call `vmap`. */
export interface Vmap {
  <Args extends unknown[], Result>(
    func: (...args: Args) => Result,
    in_dims: Dims,
    out_dims: Dims,
    randomness: Randomness,
    options?: Pick<VmapOptions, 'chunk_size'>,
  ): (...args: Args) => Result;
  <Args extends unknown[], Result>(
    func: (...args: Args) => Result,
    in_dims: Dims,
    out_dims: Dims,
    options?: Pick<VmapOptions, 'chunk_size' | 'randomness'>,
  ): (...args: Args) => Result;
  <Args extends unknown[], Result>(
    func: (...args: Args) => Result,
    in_dims: number | readonly Dims[],
    options?: Omit<VmapOptions, 'in_dims'>,
  ): (...args: Args) => Result;
  <Args extends unknown[], Result>(func: (...args: Args) => Result, options?: VmapOptions): (...args: Args) => Result;
}

/**
 * A function that does for every index of a dimension at once what `func` does for one.
 *
 * `in_dims` says which dimension of each argument is hidden from `func`, null for none; `out_dims` where that of the results
 * appears. Arguments are nested arrays and plain objects of tensors, by position. With `randomness` 'different' each index
 * draws its own numbers, with 'same' all draw the same; drawing is an error by default. `chunk_size` is how many indices go
 * at once.
 *
 * @throws ValueError for dimensions that do not fit, in Python's words
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.vmap.html
 * @example
 * const dots = torch.func.vmap(torch.dot)(torch.randn(8, 5), torch.randn(8, 5)); // shape [8]
 */
export const vmap: Vmap = mapped as unknown as Vmap;
