/** Registering a module's hooks. */
import { type Arguments, type MethodArguments, pythonFunction } from '../../call';
import type { RemovableHandle } from '../../autograd/inside';
import type { Tensor } from '../../memory';
import type { BackwardPreUserHook, BackwardUserHook, HookGradients } from './backward_hooks';
import { type Hook, ModuleHooks, type PreHook } from './hooks';
import { membersOf } from './members';
import {
  registerLoadPostHook,
  registerLoadPreHook,
  registerPlainLoadPreHook,
  registerStateDictHook,
  registerStateDictPostHook,
  registerStateDictPreHook,
} from './state_hook_registration';
import { ModuleTree } from './tree';

type AnyHook = (...args: never[]) => unknown;

/** How a hook that is registered runs before a call. */
interface PreHookOptions<WithKwargs extends boolean> {
  /** Before the hooks that are there. Default false. */
  prepend?: boolean;
  /** With the object of keywords that the call ends with, `{}` where there is none. Default false. */
  with_kwargs?: WithKwargs;
}

/** How a hook that is registered runs after a call. */
interface HookOptions<WithKwargs extends boolean> extends PreHookOptions<WithKwargs> {
  /** Also when `forward`, or a hook before this one, throws. Default false. */
  always_call?: boolean;
}

/** A hook by keyword. */
interface HookKeywords<Given extends unknown[]> {
  hook: (...args: Given) => unknown;
}

const registerForwardHook = pythonFunction(
  'Module.register_forward_hook',
  ['self', 'hook', '*', 'prepend', 'with_kwargs', 'always_call'],
  (
    self: object,
    hook: AnyHook,
    prepend: boolean = false,
    with_kwargs: boolean = false,
    always_call: boolean = false,
  ): RemovableHandle => hooksOf(self).after.add(hook as unknown as Hook, { with_kwargs, always_call }, prepend),
);

const registerForwardPreHook = pythonFunction(
  'Module.register_forward_pre_hook',
  ['self', 'hook', '*', 'prepend', 'with_kwargs'],
  (self: object, hook: AnyHook, prepend: boolean = false, with_kwargs: boolean = false): RemovableHandle =>
    hooksOf(self).before.add(hook as unknown as PreHook, { with_kwargs, always_call: false }, prepend),
);

/** What a hook on the backward pass returns: other gradients, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the common case
type OtherGradients = HookGradients | Tensor | null | undefined | void;

/** Hook after the backward pass through a module. */
type BackwardHookOf<M> = (module: M, grad_input: HookGradients, grad_output: HookGradients) => OtherGradients;

/** Hook before it. */
type BackwardPreHookOf<M> = (module: M, grad_output: HookGradients) => OtherGradients;

const PLACE = 'on a single Module';

const registerFullBackwardPreHook = pythonFunction(
  'Module.register_full_backward_pre_hook',
  ['self', 'hook', 'prepend'],
  (self: object, hook: AnyHook, prepend: boolean = false): RemovableHandle =>
    hooksOf(self).backwardBefore.add(hook as unknown as BackwardPreUserHook, {}, prepend),
);

const registerFullBackwardHook = pythonFunction(
  'Module.register_full_backward_hook',
  ['self', 'hook', 'prepend'],
  (self: object, hook: AnyHook, prepend: boolean = false): RemovableHandle =>
    hooksOf(self).addBackward(hook as unknown as BackwardUserHook, true, PLACE, prepend),
);

const registerBackwardHook = pythonFunction(
  'Module.register_backward_hook',
  ['self', 'hook'],
  (self: object, hook: AnyHook): RemovableHandle =>
    hooksOf(self).addBackward(hook as unknown as BackwardUserHook, false, PLACE),
);

/** A module's hooks: around its calls, its backward pass, and saving and loading. */
export abstract class HookedModule extends ModuleTree {
  /**
   * Calls `hook(module, args, output)` after every call; what it returns, if anything, replaces the output.
   *
   * With `with_kwargs` it is `hook(module, args, kwargs, output)`. With `always_call` it also runs where the call throws:
   * the output is null then unless `forward` had made one, and what the hook itself throws becomes a warning.
   */
  register_forward_hook<Args extends unknown[] = Tensor[], Output = Tensor>(
    hook: (module: this, args: Args, output: Output) => unknown,
    options?: HookOptions<false>,
  ): RemovableHandle;
  register_forward_hook<Args extends unknown[] = Tensor[], Output = Tensor, Kwargs extends object = object>(
    hook: (module: this, args: Args, kwargs: Kwargs, output: Output) => unknown,
    options: HookOptions<true> & { with_kwargs: true },
  ): RemovableHandle;
  register_forward_hook<Args extends unknown[] = Tensor[], Output = Tensor>(
    keywords: HookKeywords<[module: this, args: Args, output: Output]> & HookOptions<false>,
  ): RemovableHandle;
  register_forward_hook(...args: unknown[]): RemovableHandle {
    return registerForwardHook(this, ...(args as [AnyHook]));
  }

  /**
   * Calls `hook(module, args)` before every call; what it returns, if anything, replaces the arguments.
   *
   * With `with_kwargs` it is `hook(module, args, kwargs)`, which returns both, `[args, kwargs]`, or nothing.
   */
  register_forward_pre_hook<Args extends unknown[] = Tensor[]>(
    hook: (module: this, args: Args) => unknown,
    options?: PreHookOptions<false>,
  ): RemovableHandle;
  register_forward_pre_hook<Args extends unknown[] = Tensor[], Kwargs extends object = object>(
    hook: (module: this, args: Args, kwargs: Kwargs) => unknown,
    options: PreHookOptions<true> & { with_kwargs: true },
  ): RemovableHandle;
  register_forward_pre_hook<Args extends unknown[] = Tensor[]>(
    keywords: HookKeywords<[module: this, args: Args]> & PreHookOptions<false>,
  ): RemovableHandle;
  register_forward_pre_hook(...args: unknown[]): RemovableHandle {
    return registerForwardPreHook(this, ...(args as [AnyHook]));
  }

  /**
   * Calls `hook(module, grad_input, grad_output)` when the gradients of the module's inputs have been computed: lists with
   * a null for what is no tensor. What it returns, if anything, replaces the inputs' gradients.
   */
  register_full_backward_hook(
    ...args: Arguments<['hook', 'prepend'], [hook: BackwardHookOf<this>, prepend?: boolean]>
  ): RemovableHandle;
  register_full_backward_hook(...args: unknown[]): RemovableHandle {
    return registerFullBackwardHook(this, ...(args as [AnyHook]));
  }

  /**
   * Calls `hook(module, grad_output)` when the gradients of the module's outputs have been computed. What it returns, if
   * anything, replaces them.
   */
  register_full_backward_pre_hook(
    ...args: Arguments<['hook', 'prepend'], [hook: BackwardPreHookOf<this>, prepend?: boolean]>
  ): RemovableHandle;
  register_full_backward_pre_hook(...args: unknown[]): RemovableHandle {
    return registerFullBackwardPreHook(this, ...(args as [AnyHook]));
  }

  /**
   * Calls `hook(module, grad_input, grad_output)` when the last node of the module's graph has run. As in Python, its
   * `grad_input` is that node's alone: `register_full_backward_hook` is what one wants.
   */
  register_backward_hook(...args: Arguments<['hook'], [hook: BackwardHookOf<this>]>): RemovableHandle;
  register_backward_hook(...args: unknown[]): RemovableHandle {
    return registerBackwardHook(this, ...(args as [AnyHook]));
  }

  /** Calls `hook(module, prefix, keep_vars)` before the module's state is saved. */
  register_state_dict_pre_hook(...args: MethodArguments<typeof registerStateDictPreHook>): RemovableHandle {
    return registerStateDictPreHook(this, ...args);
  }

  /** Calls `hook(module, state_dict, prefix, local_metadata)` after the state is saved; it may change the state dict. */
  register_state_dict_post_hook(...args: MethodArguments<typeof registerStateDictPostHook>): RemovableHandle {
    return registerStateDictPostHook(this, ...args);
  }

  /** The same with a hook whose result, if any, takes the state dict's place. */
  _register_state_dict_hook(...args: MethodArguments<typeof registerStateDictHook>): RemovableHandle {
    return registerStateDictHook(this, ...args);
  }

  /**
   * Calls `hook(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)` before the
   * module's own state is loaded. The state dict is a Map that the hook may change, and so are the lists.
   */
  register_load_state_dict_pre_hook(...args: MethodArguments<typeof registerLoadPreHook>): RemovableHandle {
    return registerLoadPreHook(this, ...args);
  }

  /** The same without the module, unless `with_module`. */
  _register_load_state_dict_pre_hook(...args: MethodArguments<typeof registerPlainLoadPreHook>): RemovableHandle {
    return registerPlainLoadPreHook(this, ...args);
  }

  /** Calls `hook(module, incompatible_keys)` after the module's state is loaded; it may change the lists of keys. */
  register_load_state_dict_post_hook(...args: MethodArguments<typeof registerLoadPostHook>): RemovableHandle {
    return registerLoadPostHook(this, ...args);
  }
}

function hooksOf(module: object): ModuleHooks {
  const members = membersOf(module);
  members.hooks ??= new ModuleHooks();
  return members.hooks;
}
