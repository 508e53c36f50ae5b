/** The methods of tensors that are about their gradients. */
import { native, TorchError } from '../native';
import { handBound, type MethodArguments, pythonFunction } from '../call';
import { handleOf, isTensor, type Tensor, TensorBase, wrap, wrapOptional } from '../memory';
import { backwardOf, tensorBackward } from './engine';
import { GradFn } from './grad_fn';
import { type RemovableHandle, registerHook, registerPostAccumulateGradHook } from './hooks';
import { typeName } from '../core';

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

const requiresGradArguments = handBound('requires_grad_', ['bool requires_grad=True'], true);

const hookMethod = pythonFunction('Tensor.register_hook', ['self', 'hook'], registerHook);
const postAccumulateHookMethod = pythonFunction(
  'Tensor.register_post_accumulate_grad_hook',
  ['self', 'hook'],
  registerPostAccumulateGradHook,
);

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
  requires_grad_(requires_grad?: boolean | { requires_grad?: boolean }): this;
  requires_grad_(...args: unknown[]): this {
    const [requires_grad = true] = requiresGradArguments(args).values as [boolean?];
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
  backward(...args: MethodArguments<typeof tensorBackward>): void {
    if (args.length === 0) backwardOf(this as unknown as Tensor);
    else tensorBackward(this as unknown as Tensor, ...args);
  }

  /**
   * Calls `hook` with this tensor's gradient in every backward; a tensor it returns replaces the gradient.
   *
   * The tensor owns the hook: one that refers to the tensor itself keeps it alive until the hook is removed or the
   * tensor is freed by its scope or `dispose()`.
   */
  register_hook(...args: MethodArguments<typeof hookMethod>): RemovableHandle {
    return hookMethod(this as unknown as Tensor, ...args);
  }

  /** Calls `hook` with this leaf whenever its `grad` has been accumulated. */
  register_post_accumulate_grad_hook(hook: (param: this) => void): RemovableHandle;
  register_post_accumulate_grad_hook(keywords: { hook: (param: Tensor) => void }): RemovableHandle;
  register_post_accumulate_grad_hook(...args: unknown[]): RemovableHandle {
    return postAccumulateHookMethod(this as unknown as Tensor, ...(args as [(param: Tensor) => void]));
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
