import { contiguous_format, sameShape, sizeText } from '../../../core';
import { ones_like } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { AssertionError, NotImplementedError } from '../../../native';
import type { Module } from '../../module/module';
import type { Parameter } from '../../parameter';
import { addPreHook, attribute, preHooks, removeHooks, setAttribute, setComputed } from '../hook_objects';

/** What part of a tensor a method looks at, when it comes after others. */
export type PruningType = 'unstructured' | 'structured' | 'global';

/** What makes several methods of one tensor one. */
type Joined = (before: BasePruningMethod, next: BasePruningMethod) => BasePruningMethod;

/** A way to prune: `compute_mask` says which elements of a tensor stay. */
export abstract class BasePruningMethod {
  abstract readonly PRUNING_TYPE: PruningType;
  /** Name of the tensor. */
  _tensor_name: string | null = null;

  constructor(...surplus: []) {
    if (surplus.length > 0) throw new TypeError(`${new.target.name}() takes no arguments`);
  }

  /** A mask of ones and zeros, from the importance of elements and the mask that there is. */
  abstract compute_mask(t: Tensor, default_mask: Tensor): Tensor;

  /** The tensor with its mask. */
  apply_mask(module: Module): Tensor {
    if (this._tensor_name === null) throw new AssertionError(`Module ${module} has to be pruned`);
    const mask = attribute<Tensor>(module, `${this._tensor_name}_mask`);
    const orig = attribute<Tensor>(module, `${this._tensor_name}_orig`);
    return mask.to({ dtype: orig.dtype }).mul(orig);
  }

  /** A tensor with the mask that the method computes for it. */
  prune(t: Tensor, default_mask: Tensor | null = null, importance_scores: Tensor | null = null): Tensor {
    if (importance_scores !== null && !sameShape(importance_scores.shape, t.shape)) {
      throw new AssertionError(
        `importance_scores should have the same shape as tensor t, got ${sizeText(importance_scores.shape)} vs ${sizeText(t.shape)}`,
      );
    }
    return t.mul(this.compute_mask(importance_scores ?? t, default_mask ?? ones_like(t)));
  }

  /** Makes the parameter what it is with its mask, for good. */
  remove(module: Module): void {
    const name = this._tensor_name;
    if (name === null) throw new AssertionError(`Module ${module} has to be pruned before pruning can be removed`);
    const weight = this.apply_mask(module);
    const orig = attribute<Parameter>(module, `${name}_orig`);
    orig.data = weight.data;
    for (const end of ['', '_orig', '_mask']) Reflect.deleteProperty(module, name + end);
    setAttribute(module, name, orig);
  }
}

/** What several methods of one tensor become: `PruningContainer` says. */
export const joining: { join: Joined; isJoined: (method: BasePruningMethod) => boolean } = {
  join: () => {
    throw new NotImplementedError('no container of pruning methods');
  },
  isJoined: () => false,
};

/** Prunes a parameter of a module, after what has pruned it before. */
export function applyMethod(
  module: Module,
  name: string,
  next: BasePruningMethod,
  importance_scores: Tensor | null = null,
): BasePruningMethod {
  const before = preHooks(module, BasePruningMethod).filter(({ _tensor_name }) => _tensor_name === name);
  if (before.length > 1) {
    throw new AssertionError(
      `Avoid adding multiple pruning hooks to the same tensor ${name} of module ${module}. Use a PruningContainer.`,
    );
  }
  next._tensor_name = name;
  const [old] = before;
  const orig = attribute<Parameter>(module, name);
  if (importance_scores !== null && !sameShape(importance_scores.shape, orig.shape)) {
    throw new AssertionError(
      `importance_scores should have the same shape as parameter ${name} of ${module}, got ${sizeText(importance_scores.shape)} vs ${sizeText(orig.shape)}`,
    );
  }
  const method = old === undefined ? next : joining.join(old, next);
  const joined = joining.isJoined(method);
  const mask = method.compute_mask(
    importance_scores ?? orig,
    joined
      ? attribute<Tensor>(module, `${name}_mask`).detach().clone({ memory_format: contiguous_format })
      : ones_like(orig),
  );
  if (!joined) {
    module.register_parameter(`${name}_orig`, orig);
    Reflect.deleteProperty(module, name);
  }
  module.register_buffer(`${name}_mask`, mask);
  setComputed(module, name, method.apply_mask(module));
  if (old !== undefined) removeHooks(module, old);
  addPreHook(module, method, (called) => setComputed(called, name, method.apply_mask(called)));
  return method;
}
