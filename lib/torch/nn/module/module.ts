import { type Arguments, bind, type MethodArguments, pythonFunction, pythonMethods, signature } from '../../call';
import { native, NotImplementedError, ValueError } from '../../native';
import { bfloat16, type DeviceLike, type Dtype, float16, float32, float64, refuseDetachedCalls } from '../../core';
import { handleOf, type Tensor } from '../../memory';
import type { RemovableHandle } from '../../autograd/inside';
import { type ConversionOptions, type ConversionRest, convertFloating, convertTo, convertType } from './conversion';
import { eachBelow } from './cycle';
import { type Hook, ModuleHooks, type PreHook } from './hooks';
import { membersOf } from './members';
import { moduleText } from './text';
import { UninitializedParameter } from '../parameter/uninitialized';
import { ModuleTree } from './tree';
import {
  type IncompatibleKeys,
  type LoadContext,
  loadOwnState,
  loadStateDict,
  type StateDict,
  type StateSource,
  saveStateDict,
} from './state_dict';

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
    self: Module,
    hook: AnyHook,
    prepend: boolean = false,
    with_kwargs: boolean = false,
    always_call: boolean = false,
  ): RemovableHandle => hooksOf(self).after.add(hook as unknown as Hook, prepend, with_kwargs, always_call),
);

const registerForwardPreHook = pythonFunction(
  'Module.register_forward_pre_hook',
  ['self', 'hook', '*', 'prepend', 'with_kwargs'],
  (self: Module, hook: AnyHook, prepend: boolean = false, with_kwargs: boolean = false): RemovableHandle =>
    hooksOf(self).before.add(hook as unknown as PreHook, prepend, with_kwargs),
);

const zeroGrad = pythonFunction(
  'Module.zero_grad',
  ['self', 'set_to_none'],
  (self: Module, set_to_none: boolean = true): void => {
    const shaped = self.parameters().filter((param) => !(param instanceof UninitializedParameter));
    native.zero_grad(shaped.map(handleOf), set_to_none);
  },
);

/**
 * The base of every network and layer: a function, `module(x)`, that runs `forward` and the forward hooks around it.
 *
 * A property that is given a `Parameter` or a `Module` becomes one of the module's parameters or submodules, in the order
 * of assignment, as in Python; from then on it takes nothing else but null. Write them in Python's order, and the keys, the
 * initial numbers and the optimizer's order are Python's.
 *
 * @example
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(784, 128);
 *   fc2 = new nn.Linear(128, 10);
 *   forward(x: Tensor): Tensor {
 *     return this.fc2(this.fc1(x).relu());
 *   }
 * }
 * const net = new Net();
 * net(torch.rand(1, 784)).shape; // [1, 10]
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the base constructor makes the function that the interface types
export abstract class Module extends ModuleTree {
  static {
    pythonMethods(this.prototype, 'Module', {
      apply: ['fn'],
      train: ['mode'],
      eval: [],
      requires_grad_: ['requires_grad'],
      type: ['dst_type'],
      float: [],
      double: [],
      half: [],
      bfloat16: [],
      cpu: [],
      cuda: ['device'],
      extra_repr: [],
    });
    refuseDetachedCalls(this.prototype, 'module');
  }

  /** Whether layers such as BatchNorm and Dropout behave as in training. Set by `train()` and `eval()`. */
  training = true;

  constructor(...surplus: []) {
    super();
    if (surplus.length > 0) bind(signature(`${new.target.name}.__init__`, ['self'], 1), [this, ...surplus]);
  }

  /** Version of the state dict's layout, as Python's `_version`. */
  get _version(): number {
    return 1;
  }

  /**
   * Computes the module's output. Every subclass that can be called writes this; the types of a call are its types. What
   * is only known to be a `Module` can be called with nothing: name its class, or `Module & ((x: Tensor) => Tensor)`.
   */
  forward(..._inputs: never[]): unknown {
    throw new NotImplementedError(`Module [${this.constructor.name}] is missing the required "forward" function`);
  }

  /** The same as `module(…)`. */
  call(...args: Parameters<this['forward']>): ReturnType<this['forward']> {
    return this(...args);
  }

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

  /** Calls `fn` on every submodule, deepest first, and on this module. */
  apply(...args: Arguments<['fn'], [fn: (module: Module) => void]>): this;
  apply(fn: (module: Module) => void): this {
    eachBelow(this, this.children(), (child) => child.apply(fn));
    fn(this);
    return this;
  }

  /** Puts this module and all below it in training mode (or evaluation mode). */
  train(...args: Arguments<['mode'], [mode?: boolean]>): this;
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new ValueError('training mode is expected to be boolean');
    this.training = mode;
    eachBelow(this, this.children(), (child) => child.train(mode));
    return this;
  }

  /** `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** Sets `requires_grad` of every parameter. */
  requires_grad_(...args: Arguments<['requires_grad'], [requires_grad?: boolean]>): this;
  requires_grad_(requires_grad = true): this {
    for (const param of this.parameters()) param.requires_grad_(requires_grad);
    return this;
  }

  /** Forgets every parameter's gradient; with `set_to_none: false` fills it with zeros. */
  zero_grad(...args: MethodArguments<typeof zeroGrad>): void {
    zeroGrad(this, ...args);
  }

  /**
   * Moves every parameter, gradient and buffer to a device; converts the floating-point ones to a dtype.
   * Parameters stay the same objects, so optimizers keep working.
   */
  to(dtype: Dtype, ...rest: ConversionRest): this;
  to(device: DeviceLike | null, ...rest: ConversionRest | [dtype: Dtype | null, ...rest: ConversionRest]): this;
  to(other: Tensor, ...rest: ConversionRest): this;
  to(keywords?: ConversionOptions): this;
  to(...args: unknown[]): this {
    convertTo(this, args);
    return this;
  }

  /** Converts every parameter and buffer, integers too, to a dtype. */
  type(...args: Arguments<['dst_type'], [dst_type: Dtype | string]>): this;
  type(dst_type: Dtype | string): this {
    convertType(this, dst_type);
    return this;
  }

  /** Makes the floating-point parameters and buffers float32. */
  float(): this {
    convertFloating(this, float32);
    return this;
  }

  /** Makes the floating-point parameters and buffers float64. */
  double(): this {
    convertFloating(this, float64);
    return this;
  }

  /** Makes the floating-point parameters and buffers float16. */
  half(): this {
    convertFloating(this, float16);
    return this;
  }

  /** Makes the floating-point parameters and buffers bfloat16. */
  bfloat16(): this {
    convertFloating(this, bfloat16);
    return this;
  }

  /** Moves everything to the CPU. */
  cpu(): this {
    return this.to('cpu');
  }

  /** Moves everything to a CUDA device, by default the current one. */
  cuda(...args: Arguments<['device'], [device?: number | DeviceLike | null]>): this;
  cuda(device: number | DeviceLike | null = null): this {
    return this.to(typeof device === 'number' ? `cuda:${device}` : (device ?? 'cuda'));
  }

  /**
   * Parameters and persistent buffers by dotted name, detached but sharing their storage. The result
   * carries `_metadata` (layout versions) as Python's does, as a hidden property.
   */
  state_dict(...args: MethodArguments<typeof saveStateDict>): StateDict {
    return saveStateDict(this, ...args);
  }

  /**
   * Copies a state dict into this module.
   *
   * With `strict` (the default) keys must match exactly; with `assign` the tensors are taken over instead of copied.
   * Returns what was missing and unexpected.
   *
   * @throws TorchError with Python's text, listing every missing key, unexpected key and size mismatch
   */
  load_state_dict(state_dict: StateSource, strict?: boolean, assign?: boolean): IncompatibleKeys;
  load_state_dict(...args: MethodArguments<typeof loadStateDict>): IncompatibleKeys;
  load_state_dict(...args: MethodArguments<typeof loadStateDict>): IncompatibleKeys {
    return loadStateDict(this, ...args);
  }

  /** Loads what belongs to this module alone; a subclass may first complete an older layout. */
  loadOwnState(context: LoadContext): void {
    loadOwnState(this, context);
  }

  /** Text between the parentheses of `toString`. */
  extra_repr(): string {
    return '';
  }

  /** The module's structure, as Python prints it. */
  override toString(): string {
    return moduleText(this);
  }

  /** `console.log(module)` prints `toString()`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The call, typed by `forward`. */
export interface Module {
  // biome-ignore lint/style/useShorthandFunctionType: an interface, to merge with the class
  (...args: Parameters<this['forward']>): ReturnType<this['forward']>;
}

function hooksOf(module: Module): ModuleHooks {
  const members = membersOf(module);
  members.hooks ??= new ModuleHooks();
  return members.hooks;
}
