/** Levels of transformations, and the tensors that are wrapped for them. */
import { checkBody, refuseAsync, typeName } from '../core';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { native, TorchError } from '../native';
import { mapLeaves } from './pytree';

/** Way to draw in vmap: not at all, another number for each index, or one for all. */
export type Randomness = 'error' | 'different' | 'same';

function within<T>(name: string, body: (level: number) => T, enter: () => number): T {
  checkBody(name, body);
  const level = enter();
  let result: T;
  try {
    result = body(level);
  } finally {
    native.exit_transform();
  }
  refuseAsync(name, result);
  return result;
}

/** Runs `body` in a level of its own. */
export function inLevel<T>(kind: 'grad' | 'jvp', body: (level: number) => T): T {
  return within(kind, body, () => native.enter_transform(kind));
}

/** Runs `body` in a level where batches of this size hide a dimension. */
export function inVmap<T>(size: number, randomness: Randomness, body: (level: number) => T): T {
  return within('vmap', body, () => native.enter_transform('vmap', size, randomness));
}

/** Runs `body` in a level without changes in place, or, with `reapply_views` false, without views. */
export function inFunctionalize<T>(reapply_views: boolean, body: (level: number) => T): T {
  return within('functionalize', body, () => native.enter_transform('functionalize', reapply_views));
}

/** The tensor of a handle: the given one where it is the same. */
export function wrapped(tensor: Tensor, handle: number): Tensor {
  if (!native.is_same(handleOf(tensor), handle)) return wrap(handle);
  native.release(handle);
  return tensor;
}

/** The tensors of a tree with a history of the level's own. */
export function wrapForGrad(tree: unknown, level: number): unknown {
  return mapLeaves(tree, (leaf) => (isTensor(leaf) ? wrap(native.wrap_for_grad(handleOf(leaf), level)) : leaf));
}

/** The tensors of a tree as they are outside of the level. */
export function unwrapForGrad(tree: unknown, level: number): unknown {
  return mapLeaves(tree, (leaf) => {
    if (!isTensor(leaf)) {
      throw new TorchError(`Expected tensors, got unsupported type <class '${typeName(leaf)}'>`);
    }
    return wrapped(leaf as Tensor, native.unwrap_for_grad(handleOf(leaf), level));
  });
}
