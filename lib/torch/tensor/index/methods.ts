/** `x[...]` and `x[...] = value` as methods, and what else Python's tensors have of a sequence. */
import { native, TorchError } from '../../native';
import { isOperand } from '../../call';
import { type Scalar, typeName } from '../../core';
import { handleOf, isTensor, takeList, type Tensor, TensorBase, wrap } from '../../memory';
import { getItem, setItem, standsForTuple, type TensorIndex } from './program';

function iterate(this: Tensor): IterableIterator<Tensor> {
  return this.unbind(0).values();
}

/** Indexing, length, iteration and membership. */
export class TensorIndexing extends TensorBase {
  /**
   * `x[...]` with the arguments between the brackets: `x.get(0, [1, 2])` is `x[0, [1, 2]]`, `x.get([0, 2])` is
   * `x[[0, 2]]`, `x.get('1:3', null)` is `x[1:3, None]`, `x.get(mask)` is `x[mask]`.
   *
   * Integers, slices, null and the ellipsis alone give a view; index tensors, masks and lists give a copy. Autograd
   * records either.
   *
   * @throws RangeError "index 5 is out of bounds for dimension 0 with size 2"; "too many indices for tensor of
   *   dimension 3"
   * @throws ValueError "step must be greater than zero" for negative steps
   * @see https://docs.pytorch.org/docs/stable/tensor_view.html
   */
  get(...indices: TensorIndex[]): Tensor {
    const self = handleOf(this);
    if (indices.length !== 1) return wrap(getItem(self, indices, true));
    const only = indices[0];
    return Array.isArray(only) && standsForTuple(only)
      ? wrap(getItem(self, only, true))
      : wrap(getItem(self, indices, false));
  }

  /**
   * `x[indices] = value` in place, recorded by autograd. `indices` is one index, or an array that stands for Python's
   * tuple: `x.set(0, 2)` is `x[0] = 2`, `x.set([0, 1], 2)` is `x[0, 1] = 2`, and `x.set([[0, 1]], 2)` is
   * `x[[0, 1]] = 2`. The value, a number or a tensor, is converted and broadcast as Python does it.
   *
   * @throws RangeError as `get` does
   * @throws TypeError "can't assign a str to a torch.FloatTensor"; "Cannot assign to a sparse tensor"
   */
  set(indices: TensorIndex | readonly TensorIndex[], value: TensorBase | Scalar): void {
    this.__setitem__(indices, value);
  }

  /**
   * `x[index]`, where an array stands for Python's tuple: `x.__getitem__([0, 1])` is `x[0, 1]`, and
   * `x.__getitem__([[0, 1]])` is `x[[0, 1]]`.
   */
  __getitem__(index: TensorIndex | readonly TensorIndex[]): Tensor {
    const tuple = Array.isArray(index);
    return wrap(getItem(handleOf(this), tuple ? index : [index], tuple));
  }

  /** `x[index] = value`; see `set`. */
  __setitem__(index: TensorIndex | readonly TensorIndex[], value: TensorBase | Scalar): void {
    const tuple = Array.isArray(index);
    setItem(handleOf(this), tuple ? index : [index], tuple, value);
  }

  /** `del x[index]`, which tensors refuse. */
  __delitem__(_index: TensorIndex | readonly TensorIndex[]): never {
    throw new TypeError('Tensor does not support deleting items');
  }

  /** Python's `len(x)`: the length of the first dimension. */
  __len__(): number {
    const self = handleOf(this);
    if (native.ndim(self) === 0) throw new TypeError('len() of a 0-d tensor');
    return takeList(native.shape(self))[0]!;
  }

  /** Another name for `__len__`. */
  len(): number {
    return this.__len__();
  }

  /** Python's `element in x`: whether any element equals it. */
  __contains__(this: Tensor, element: TensorBase | Scalar): boolean {
    if (!isOperand(element)) {
      throw new TorchError(
        `Tensor.__contains__ only supports Tensor or scalar, but you passed in a <class '${typeName(element)}'>.`,
      );
    }
    const equal = isTensor(element) ? (element as Tensor).eq(this) : this.eq(element as Scalar);
    return equal.any().item<boolean>() === true;
  }

  /**
   * Iterates over the first dimension. A tensor without dimensions is not iterable, which test runners, too, ask before they compare
   * what they iterate over.
   */
  get [Symbol.iterator](): () => IterableIterator<Tensor> {
    return native.ndim(handleOf(this)) === 0 ? (undefined as never) : iterate;
  }

  /** Python's `reversed(x)`: all dimensions reversed. */
  __reversed__(this: Tensor): Tensor {
    return this.ndim === 0 ? this : this.flip([0]);
  }
}
