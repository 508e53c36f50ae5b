import { type Arguments, bind, type MethodArguments, pythonFunction, pythonMethods, signature } from '../../call';
import { native, NotImplementedError, ValueError } from '../../native';
import { refuseDetachedCalls } from '../../core';
import { handleOf } from '../../memory';
import { eachBelow } from './cycle';
import { moduleText } from './text';
import { UninitializedParameter } from '../parameter/uninitialized';
import { ConvertibleModule } from './convertible';
import { type IncompatibleKeys, loadOwnState, loadStateDict } from './load_state_dict';
import {
  noExtraState,
  saveOwnState,
  saveStateDict,
  type StateDict,
  type StateSource,
  withoutExtraState,
} from './state_dict';
import { LOAD_ARGUMENTS, type LoadArguments } from './state_hooks';

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
export abstract class Module extends ConvertibleModule {
  static {
    pythonMethods(this.prototype, 'Module', {
      apply: ['fn'],
      train: ['mode'],
      eval: [],
      requires_grad_: ['requires_grad'],
      _save_to_state_dict: ['destination', 'prefix', 'keep_vars'],
      _load_from_state_dict: LOAD_ARGUMENTS,
      get_extra_state: [],
      set_extra_state: ['state'],
      extra_repr: [],
    });
    refuseDetachedCalls(this.prototype, 'module');
    withoutExtraState.get = this.prototype.get_extra_state;
    withoutExtraState.set = this.prototype.set_extra_state;
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

  /** Puts what belongs to this module alone into a state dict; to be overridden where that is more than its tensors. */
  _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    saveOwnState(this, destination, prefix, keep_vars);
  }

  /**
   * Loads what belongs to this module alone, and notes what is missing, unexpected or wrong; a subclass may first complete
   * an older layout in `state_dict`.
   */
  _load_from_state_dict(...args: LoadArguments): void;
  _load_from_state_dict(
    state_dict: LoadArguments[0],
    prefix: string,
    local_metadata: LoadArguments[2],
    strict: boolean,
    missing_keys: string[],
    unexpected_keys: string[],
    error_msgs: string[],
  ): void {
    loadOwnState(this, [state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs]);
  }

  /** What a state dict has of the module besides its tensors; to be overridden together with `set_extra_state`. */
  get_extra_state(): unknown {
    throw noExtraState('get_extra_state');
  }

  /** Takes what `get_extra_state` gave. */
  set_extra_state(_state: unknown): void {
    throw noExtraState('set_extra_state');
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
