/** Hooks on tensors: JavaScript functions that the autograd engine calls during backward. */
import { type Handle, native, registerCallback, TorchError } from '../native';
import { handleOf, isTensor, removeHook, type Tensor, watchCallback, wrap, wrapOptional } from '../memory';
import { ours, refuseUsers, typeName } from '../core';
import { pythonMethods } from '../call';

/** Handle that registering a hook returns (Python: `torch.utils.hooks.RemovableHandle`). */
export class RemovableHandle {
  static {
    pythonMethods(this.prototype, 'RemovableHandle', { remove: [] });
  }

  #remove: (() => void) | undefined;

  /** @internal */
  constructor(remove: () => void, key: typeof ours) {
    refuseUsers(key, 'RemovableHandle', 'registering a hook returns one');
    this.#remove = remove;
  }

  /** Takes the hook off. Doing so twice is harmless. */
  remove(): void {
    const remove = this.#remove;
    this.#remove = undefined;
    remove?.();
  }

  /** `using handle = …` removes the hook at the end of the block. */
  [Symbol.dispose](): void {
    this.remove();
  }
}

/** Gets the gradient; a returned tensor replaces it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the common case
export type GradientHook = (grad: Tensor) => Tensor | null | undefined | void;

/** Refuses anything but a function. */
export function checkCallable(name: string, argument: string, value: unknown): void {
  if (typeof value !== 'function') {
    throw new TypeError(`${name}(): argument '${argument}' must be a function, not ${typeof value}`);
  }
}

function checkHook(tensor: Tensor, name: string, hook: unknown): void {
  checkCallable(name, 'hook', hook);
  if (!native.requires_grad(handleOf(tensor))) {
    throw new TorchError("cannot register a hook on a tensor that doesn't require gradient");
  }
}

/** Error for a hook that returned neither a tensor nor nothing. */
export const wrongAnswer = (type: string): Error => new TypeError(`expected Variable, but hook returned '${type}'`);

/** Handle of what a callback gave back for a gradient: null for nothing, an error for anything but a tensor. */
export function handleOfGradient(value: unknown, wrong: (type: string) => Error): Handle | null {
  if (value === undefined || value === null) return null;
  if (!isTensor(value)) throw wrong(typeName(value));
  const handle = handleOf(value);
  if (handle === 0) throw new TorchError('the gradient that was returned has been disposed');
  return handle;
}

// Apart from registerHook: a closure made there would share its variables, and so keep the tensor that owns the hook.
function gradientCallback(hook: GradientHook): number {
  // Where no gradient arrives the hook gets null, as Python's gets None, although nobody's types say so.
  return registerCallback((handle) =>
    handleOfGradient(hook(wrapOptional(handle as Handle | null) as Tensor), wrongAnswer),
  );
}

/** Name of a hook in messages, as in Python. */
export function hookName(hook: { readonly name: string }): string {
  return hook.name === '' ? '<lambda>' : hook.name;
}

/**
 * Handle that removes a hook. It holds the hook's number only, because a handle that is kept must not keep the
 * tensor.
 */
export function removableHook(callback: number): RemovableHandle {
  return new RemovableHandle(() => removeHook(callback), ours);
}

/** @see Tensor.register_hook */
export function registerHook(tensor: Tensor, hook: GradientHook): RemovableHandle {
  checkHook(tensor, 'register_hook', hook);
  const callback = gradientCallback(hook);
  native.register_hook(handleOf(tensor), callback, hookName(hook));
  watchCallback(tensor, callback);
  return removableHook(callback);
}

/** @see Tensor.register_post_accumulate_grad_hook */
export function registerPostAccumulateGradHook(tensor: Tensor, hook: (param: Tensor) => void): RemovableHandle {
  checkHook(tensor, 'register_post_accumulate_grad_hook', hook);
  if (!native.is_leaf(handleOf(tensor))) {
    throw new TorchError('post accumulate grad hooks cannot be registered on non-leaf tensors');
  }
  // The hook gets the very object it was put on, but must not keep it alive: the tensor owns the hook.
  const self = new WeakRef(tensor);
  const callback = registerCallback((handle) => {
    const owner = self.deref();
    if (owner === undefined || owner.is_disposed) {
      hook(wrap(handle as Handle));
      return;
    }
    native.release(handle as Handle);
    hook(owner);
  });
  native.register_post_accumulate_grad_hook(handleOf(tensor), callback);
  watchCallback(tensor, callback);
  return removableHook(callback);
}
