/** Hooks of all modules. */
import { RemovableHandle } from '../../autograd/inside';
import { pythonFunction } from '../../call';
import { ours } from '../../core';
import type { BackwardPreUserHook, BackwardUserHook } from './backward_hooks';
import { anyGlobal, globalHooks, type Hook, type PreHook } from './hooks';

/** The handle of a hook of all modules: while there are none, calls do not look for them. */
function ofAll(handle: RemovableHandle): RemovableHandle {
  const look = (): void => {
    anyGlobal.hooks = globalHooks.count > 0;
  };
  look();
  return new RemovableHandle(() => {
    handle.remove();
    look();
  }, ours);
}

const PLACE = 'as a global Module hook';

/** Calls `hook(module, args)` before every call of every module; what it returns, if anything, replaces the arguments. */
export const register_module_forward_pre_hook = pythonFunction(
  'register_module_forward_pre_hook',
  ['hook'],
  (hook: PreHook): RemovableHandle => ofAll(globalHooks.before.add(hook, { with_kwargs: false, always_call: false })),
);

/**
 * Calls `hook(module, args, output)` after every call of every module; what it returns, if anything, replaces the output.
 * With `with_kwargs` it is `hook(module, args, kwargs, output)`; with `always_call` it also runs where the call throws.
 */
export const register_module_forward_hook = pythonFunction(
  'register_module_forward_hook',
  ['hook', '*', 'with_kwargs', 'always_call'],
  (hook: Hook, with_kwargs: boolean = false, always_call: boolean = false): RemovableHandle =>
    ofAll(globalHooks.after.add(hook, { with_kwargs, always_call })),
);

/** Calls `hook(module, grad_output)` before every backward pass through a module. */
export const register_module_full_backward_pre_hook = pythonFunction(
  'register_module_full_backward_pre_hook',
  ['hook'],
  (hook: BackwardPreUserHook): RemovableHandle => ofAll(globalHooks.backwardBefore.add(hook, {})),
);

/** Calls `hook(module, grad_input, grad_output)` after every backward pass through a module. */
export const register_module_full_backward_hook = pythonFunction(
  'register_module_full_backward_hook',
  ['hook'],
  (hook: BackwardUserHook): RemovableHandle => ofAll(globalHooks.addBackward(hook, true, PLACE)),
);

/** The same for the last node of each module only. As in Python, `register_module_full_backward_hook` is better. */
export const register_module_backward_hook = pythonFunction(
  'register_module_backward_hook',
  ['hook'],
  (hook: BackwardUserHook): RemovableHandle => ofAll(globalHooks.addBackward(hook, false, PLACE)),
);
