import { isKeywords, unexpected } from '../../../call';
import { ValueError } from '../../../native';
import type { Tensor } from '../../../memory';
import type { TensorIndex } from '../../../tensor';
import { typename } from '../../../tensor';
import { BasePruningMethod, joining, type PruningType } from './base';

/** Several methods that prune one tensor, one after the other. */
export class PruningContainer extends BasePruningMethod {
  readonly PRUNING_TYPE: PruningType = 'global';
  readonly _pruning_methods: BasePruningMethod[] = [];

  constructor(...methods: BasePruningMethod[]) {
    super();
    const keywords: unknown = methods.at(-1);
    const [keyword] = isKeywords(keywords) ? Object.keys(keywords) : [];
    if (keyword !== undefined) throw unexpected('PruningContainer.__init__', keyword);
    if (methods.length === 1) this._tensor_name = methods[0]!._tensor_name;
    for (const method of methods) this.add_pruning_method(method);
  }

  /**
   * Adds a method for the same tensor.
   *
   * @throws ValueError for another tensor's
   */
  add_pruning_method(method: BasePruningMethod): void {
    if (!(method instanceof BasePruningMethod)) {
      throw new TypeError(`<class '${typename(method)}'> is not a BasePruningMethod subclass`);
    }
    if (method._tensor_name !== this._tensor_name) {
      throw new ValueError(
        `Can only add pruning methods acting on the parameter named '${this._tensor_name}' to PruningContainer ${this}. Found '${method._tensor_name}'`,
      );
    }
    this._pruning_methods.push(method);
  }

  /** Number of methods (Python: `len`). */
  get length(): number {
    return this._pruning_methods.length;
  }

  /** The methods in order. */
  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this._pruning_methods[Symbol.iterator]();
  }

  /** The method at a position. */
  get(index: number): BasePruningMethod | undefined {
    return this._pruning_methods.at(index);
  }

  /** The last method's mask, of what those before it have left. */
  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const method = this._pruning_methods.at(-1)!;
    const mask = default_mask.to({ dtype: t.dtype });
    const part = partOf(method, t, default_mask);
    const partial = method.compute_mask(t.__getitem__(part), default_mask.__getitem__(part));
    mask.__setitem__(part, partial.to({ dtype: mask.dtype }));
    return mask;
  }

  override toString(): string {
    return '<torch.nn.utils.prune.PruningContainer object>';
  }
}

/** The elements that a method may still prune, as an index. */
function partOf(method: BasePruningMethod, t: Tensor, mask: Tensor): TensorIndex | TensorIndex[] {
  const all = t.shape.map((): TensorIndex => ':');
  switch (method.PRUNING_TYPE) {
    case 'unstructured':
      return mask.eq(1);
    case 'global':
      return all;
    case 'structured': {
      const { dim: given } = method as Partial<{ dim: number }>;
      if (given === undefined) {
        throw new TypeError('Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.');
      }
      const dim = given < 0 ? given + t.ndim : given;
      if (dim < 0) throw new RangeError(`Index is out of bounds for tensor with dimensions ${t.ndim}`);
      const others = t.shape.map((_, d) => d).filter((d) => d !== dim);
      all[dim] = mask.sum({ dim: others }).ne(0);
      return all;
    }
    default:
      throw new ValueError(`Unrecognized PRUNING_TYPE ${String(method.PRUNING_TYPE)}`);
  }
}

joining.isJoined = (method) => method instanceof PruningContainer;
joining.join = (before, next) => {
  const container = before instanceof PruningContainer ? before : new PruningContainer(before);
  container.add_pruning_method(next);
  return container;
};
