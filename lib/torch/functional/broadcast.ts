/** Tensors and shapes brought to common dimensions (`torch/functional.py`). */
import { isKeywords, refuseKeywords, unexpected } from '../call';
import { TorchError, ValueError } from '../native';
import * as raw from '../generated/functions';
import { isInt, tupleText, typeName, ownOf } from '../core';
import type { Tensor } from '../memory';

/**
 * Views of the tensors in the shape that they broadcast to.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.broadcast_tensors.html
 */
export function broadcast_tensors(...tensors: Tensor[]): Tensor[] {
  refuseKeywords('broadcast_tensors', tensors);
  return raw.broadcast_tensors(tensors);
}

/**
 * The shape that tensors of these shapes broadcast to; a number is a shape of one dimension, null is passed over.
 * @throws TorchError "Attempting to broadcast a dimension of length 3 at -1! …"
 * @see https://docs.pytorch.org/docs/stable/generated/torch.broadcast_shapes.html
 */
export function broadcast_shapes(...shapes: (number | readonly number[] | null)[]): number[] {
  refuseKeywords('broadcast_shapes', shapes);
  const lists = shapes.filter((shape) => shape !== null).map((shape) => (isInt(shape) ? [shape] : shape));
  const bad = lists.find((shape) => !Array.isArray(shape));
  if (bad !== undefined) {
    throw new TorchError(`Input shapes should be of type ints, a tuple of ints, or a list of ints, got ${bad}`);
  }
  const common = commonShape(lists, tupleText);
  const wrong = common.findIndex((length) => !isInt(length));
  if (wrong >= 0) {
    throw new TypeError(`torch.Size() takes an iterable of 'int' (item ${wrong} is '${typeName(common[wrong])}')`);
  }
  return common;
}

/** `broadcast_shapes` of lists; `write` shows a shape in messages, where Python distinguishes a tuple and a Size. */
export function commonShape(
  lists: readonly (readonly number[])[],
  write: (shape: readonly number[]) => string,
): number[] {
  const common = new Array<number>(Math.max(0, ...lists.map((shape) => shape.length))).fill(1);
  lists.forEach((shape, argument) => {
    for (let back = 1; back <= shape.length; back++) {
      const length = shape[shape.length - back]!;
      const at = common.length - back;
      if (length === common[at]) continue;
      if (common[at] === 1) {
        if (length < 0) throw new ValueError('Attempting to broadcast a dimension with negative length!');
        common[at] = length;
      }
      if (length !== 1 && length !== common[at]) {
        throw new TorchError(
          `Attempting to broadcast a dimension of length ${length} at ${-back}! Mismatching argument at index ` +
            `${argument} had ${write(shape)}; but expected shape should be broadcastable to [${common.join(', ')}]`,
        );
      }
    }
  });
  return common;
}

/** One tensor gives one, a list or several give a list. */
export interface AtLeast {
  (tensor: Tensor): Tensor;
  (tensors: readonly Tensor[]): Tensor[];
  (...tensors: Tensor[]): Tensor[];
}

function atLeast(operator: (tensors: readonly Tensor[]) => Tensor[]): AtLeast {
  const call = (...tensors: unknown[]): unknown => {
    refuseKeywords(operator.name, tensors);
    return operator((tensors.length === 1 ? tensors[0] : tensors) as Tensor[]);
  };
  Object.defineProperty(call, 'name', { value: operator.name });
  return call as AtLeast;
}

/**
 * Each tensor with at least one dimension.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_1d.html
 */
export const atleast_1d = atLeast(raw.atleast_1d);

/**
 * Each tensor with at least two dimensions; new ones come first.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_2d.html
 */
export const atleast_2d = atLeast(raw.atleast_2d);

/**
 * Each tensor with at least three dimensions: [n] becomes [1, n, 1], [m, n] becomes [m, n, 1].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.atleast_3d.html
 */
export const atleast_3d = atLeast(raw.atleast_3d);

/** The order of the first two dimensions of a grid: 'ij' as in matrices, 'xy' as in plots. */
export interface MeshgridOptions {
  indexing?: 'ij' | 'xy' | null;
}

/**
 * Coordinate grids of n vectors (or of one list of them): n tensors of n dimensions. Without `indexing` libtorch
 * warns once that its default, 'ij', will change.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.meshgrid.html
 */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[];
export function meshgrid(...tensors: Tensor[]): Tensor[];
export function meshgrid(...tensorsAndOptions: [...Tensor[], MeshgridOptions]): Tensor[];
export function meshgrid(...args: unknown[]): Tensor[] {
  const last = args.at(-1);
  const { indexing, ...others } = ownOf((isKeywords(last) ? args.pop() : {}) as MeshgridOptions);
  for (const name of Object.keys(others)) throw unexpected('meshgrid', name);
  const tensors = (args.length === 1 && Array.isArray(args[0]) ? args[0] : args) as Tensor[];
  return indexing === undefined || indexing === null ? raw.meshgrid(tensors) : raw.meshgrid(tensors, { indexing });
}

/**
 * All combinations of elements of n vectors, as rows: a tensor [product of lengths, n], or the vector itself for n = 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cartesian_prod.html
 */
export function cartesian_prod(...tensors: Tensor[]): Tensor {
  refuseKeywords('cartesian_prod', tensors);
  return raw.cartesian_prod(tensors);
}

/**
 * A matrix with the tensors (of at most two dimensions) along its diagonal and zeros elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.block_diag.html
 */
export function block_diag(...tensors: Tensor[]): Tensor {
  refuseKeywords('block_diag', tensors);
  return raw.block_diag(tensors);
}
