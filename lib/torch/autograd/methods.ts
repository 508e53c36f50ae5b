/** The methods of tensors that are about their gradients. */
import { TorchError } from '../native/errors';
import { native } from '../native';
import { isKeywords } from '../call/arguments';
import { wrap, wrapOptional } from '../memory/wrap';
import { type BackwardOptions, backward } from './engine';
import { GradFn } from './grad_fn';
import type { Tensor } from '../memory/tensor';
import { handleOf, isTensor, TensorBase } from '../memory/handle';
import { type GradientHook, type RemovableHandle, registerHook, registerPostAccumulateGradHook } from './hooks';
import { typeName } from '../core/text';

function checkGrad(tensor: TensorBase, grad: Tensor): void {
  if (!isTensor(grad)) {
    throw new TypeError(`assigned grad expected to be a Tensor or None but got grad of type ${typeName(grad)}`);
  }
  if (native.is_same(handleOf(tensor), handleOf(grad))) {
    throw new TorchError("can't assign Variable as its own grad");
  }
}

// Python's setter, its method and its factories each have words of their own.
function checkDifferentiable(tensor: TensorBase, allowed: string): void {
  const { dtype } = tensor as Tensor;
  if (dtype.is_floating_point || dtype.is_complex) return;
  throw new TorchError(`only Tensors of ${allowed} dtype can require gradients`);
}

/** Gradients, what records them, and hooks on them. */
export class TensorAutograd extends TensorBase {
  /** Whether autograd records operations on this tensor. Only leaves may be switched off. */
  get requires_grad(): boolean {
    return native.requires_grad(handleOf(this));
  }

  set requires_grad(value: boolean) {
    const handle = handleOf(this);
    if (value && !native.is_leaf(handle)) {
      throw new TorchError('you can only change requires_grad flags of leaf variables.');
    }
    if (value) checkDifferentiable(this, 'floating point and complex');
    native.set_requires_grad(handle, value);
  }

  /** Switches recording on (or off, for a leaf) and returns this tensor. */
  requires_grad_(requires_grad = true): this {
    if (requires_grad) checkDifferentiable(this, 'floating point');
    native.set_requires_grad(handleOf(this), requires_grad);
    return this;
  }

  /** Whether the tensor was made by the user rather than by a recorded operation. */
  get is_leaf(): boolean {
    return native.is_leaf(handleOf(this));
  }

  /** The node that computes this tensor's gradient, or null for a leaf. */
  get grad_fn(): GradFn | null {
    return GradFn.of(native.grad_fn(handleOf(this)));
  }

  /** The gradient that backward accumulated, or null. Every reading gives a new object for the same tensor. */
  get grad(): Tensor | null {
    return wrapOptional(native.get_grad(handleOf(this)));
  }

  set grad(grad: Tensor | null) {
    if (grad !== null && grad !== undefined) checkGrad(this, grad);
    native.set_grad(handleOf(this), grad ? handleOf(grad) : null);
  }

  /** The same elements without history: changing them goes unnoticed by autograd. Assigning swaps them. */
  get data(): Tensor {
    return wrap(native.alias(handleOf(this)));
  }

  set data(source: Tensor) {
    if (!isTensor(source)) {
      throw new TypeError(`Variable data has to be a tensor, but got ${typeName(source)}`);
    }
    native.set_data(handleOf(this), handleOf(source));
  }

  /**
   * Accumulates into the leaves' `grad` the gradient of this tensor, weighted by `gradient` (ones for a scalar).
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
   */
  backward(gradient?: Tensor | null, options?: BackwardOptions): void;
  backward(options: BackwardOptions & { gradient?: Tensor | null }): void;
  backward(first?: Tensor | (BackwardOptions & { gradient?: Tensor | null }) | null, second?: BackwardOptions): void {
    if (first === undefined || first === null || isTensor(first)) {
      backward(this as unknown as Tensor, first as Tensor | null | undefined, second);
      return;
    }
    if (!isKeywords(first)) {
      throw new TypeError(`gradients can be either Tensors or None, but got ${typeName(first)}`);
    }
    const { gradient, ...options } = first as BackwardOptions & { gradient?: Tensor | null };
    backward(this as unknown as Tensor, gradient, options);
  }

  /**
   * Calls `hook` with this tensor's gradient in every backward; a tensor it returns replaces the gradient.
   *
   * The tensor owns the hook: one that refers to the tensor itself keeps it alive until the hook is removed or the
   * tensor is freed by its scope or `dispose()`.
   */
  register_hook(hook: GradientHook): RemovableHandle {
    return registerHook(this as unknown as Tensor, hook);
  }

  /** Calls `hook` with this leaf whenever its `grad` has been accumulated. */
  register_post_accumulate_grad_hook(hook: (param: this) => void): RemovableHandle {
    return registerPostAccumulateGradHook(this as unknown as Tensor, hook as unknown as (param: Tensor) => void);
  }

  /** Makes backward store the gradient of this non-leaf in `grad`. */
  retain_grad(): void {
    native.retain_grad(handleOf(this));
  }

  /** Whether `retain_grad` was called on this non-leaf. */
  get retains_grad(): boolean {
    return native.retains_grad(handleOf(this));
  }
}
