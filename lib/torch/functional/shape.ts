/** Tensors in parts, and flat indices as coordinates (`torch/functional.py`, `torch/_tensor.py`). */
import { ValueError } from '../native';
import * as raw from '../generated/functions';
import { type OneOrMany, pythonFunction } from '../call';
import { bool, type Int, int64, isInt, tupleText, typeName } from '../core';
import { tensor } from '../tensor';
import { isTensor, type Tensor } from '../memory';

/**
 * Views of slices along `dim`: of `split_size` each (the last may be shorter), or of the listed lengths.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.split.html
 */
export const splitMethod = pythonFunction(
  'Tensor.split',
  ['self', 'split_size', 'dim'],
  (self: Tensor, split_size: OneOrMany<number> | Tensor, dim: number = 0): Tensor[] => {
    const size = isTensor(split_size)
      ? Math.trunc(Number((split_size as Tensor).item()))
      : (split_size as OneOrMany<number>);
    return isInt(size) ? raw.split(self, size, dim) : raw.split_with_sizes(self, size, dim);
  },
);

/**
 * Views of slices along `dim`: of `split_size_or_sections` each (the last may be shorter), or of the listed lengths.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.split.html
 */
export const split = pythonFunction(
  'split',
  ['tensor', 'split_size_or_sections', 'dim'],
  (tensor: Tensor, split_size_or_sections: OneOrMany<number> | Tensor, dim: number = 0): Tensor[] =>
    splitMethod(tensor, split_size_or_sections, dim),
);

const isAnyInt = (value: unknown): value is Int => isInt(value) || typeof value === 'bigint';

function checkedShape(shape: OneOrMany<Int>): bigint[] {
  if (isAnyInt(shape)) return [BigInt(shape)];
  if (!Array.isArray(shape)) {
    throw new TypeError(`expected 'shape' to be int or sequence of ints, but got <class '${typeName(shape)}'>`);
  }
  const bad = shape.find((length) => !isAnyInt(length));
  if (bad !== undefined) {
    throw new TypeError(`expected 'shape' sequence to only contain ints, but got <class '${typeName(bad)}'>`);
  }
  return shape.map(BigInt);
}

/**
 * The coordinates, one tensor for each dimension of `shape`, of indices into the flattened tensor of that shape.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unravel_index.html
 */
export const unravel_index = pythonFunction(
  'unravel_index',
  ['indices', 'shape'],
  (indices: Tensor, shape: OneOrMany<Int>): Tensor[] => {
    if (!isTensor(indices)) throw new TypeError(`'${typeName(indices)}' object has no attribute 'is_complex'`);
    const { dtype, device } = indices;
    if (dtype.is_complex || dtype.is_floating_point || dtype === bool) {
      throw new TypeError(`expected 'indices' to be integer dtype, but got ${dtype}`);
    }
    const lengths = checkedShape(shape);
    if (lengths.some((length) => length < 0)) {
      throw new ValueError(`'shape' cannot have negative values, but got ${tupleText(lengths)}`);
    }
    const steps = lengths.map((_, i) => lengths.slice(i + 1).reduce((product, length) => product * length, 1n));
    const options = { device, dtype: int64 };
    const quotients = indices.unsqueeze(-1).floor_divide(tensor(steps, options));
    return quotients.remainder(tensor(lengths, options)).unbind(-1);
  },
);
