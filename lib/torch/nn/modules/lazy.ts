/** `torch.nn.modules.lazy`: modules that learn the shapes of their parameters from the first inputs. */
import { NotImplementedError, TorchError } from '../../native';
import type { Tensor } from '../../memory';
import { no_grad } from '../../autograd';
import { membersOf } from '../module/members';
import { ModuleHooks } from '../module/hooks';
import type { Module } from '../module/module';
import type { StateDict } from '../module/state_dict';
import { stateHooksOf } from '../module/state_hook_registration';
import type { LoadArguments } from '../module/state_hooks';
import { is_lazy, type UninitializedBuffer, type UninitializedParameter } from '../parameter';

/** What a lazy module has besides what its class has. */
export interface Lazily {
  /** Class that the module is of once its parameters have shapes; null for its own. */
  get cls_to_become(): { readonly prototype: object } | null;
  /** Gives the parameters their shapes, from the inputs of the first call; to be overridden. */
  initialize_parameters(...inputs: never[]): void;
  /** Whether a parameter or buffer has no shape yet. */
  has_uninitialized_params(): boolean;
}

const isUninitialized = (tensor: Tensor): tensor is UninitializedParameter | UninitializedBuffer => is_lazy(tensor);

function tensorsOf(module: Module): [string, Tensor][] {
  return [...module.ownParameters(), ...module.ownBuffers()];
}

/** Gives the parameters the shapes that a state dict has for them. */
function shapeFromState(module: Module, ...[state, prefix]: LoadArguments): void {
  for (const [name, tensor] of tensorsOf(module)) {
    const source = state.get(prefix + name);
    if (source === undefined || !isUninitialized(tensor) || is_lazy(source)) continue;
    no_grad(() => tensor.materialize((source as Tensor).shape));
  }
}

/** Before the first call: gives the parameters their shapes, and makes the module one like others. */
function inferParameters(module: object, args: unknown[], kwargs: object = {}): void {
  const lazy = module as Module & Lazily;
  const inputs = Object.keys(kwargs).length > 0 ? [...args, kwargs] : args;
  lazy.initialize_parameters(...(inputs as never[]));
  if (lazy.has_uninitialized_params()) {
    throw new TorchError(`module ${lazy.constructor.name} has not been fully initialized`);
  }
  const members = membersOf(lazy);
  members.hooks?.before.remove(inferParameters);
  members.stateHooks?.beforeLoad.remove(shapeFromState);
  if (lazy.cls_to_become !== null) Object.setPrototypeOf(lazy, lazy.cls_to_become.prototype);
}

/** A class of modules, as far as it can be made lazy. */
type ModuleClass = abstract new (...args: never[]) => Module;

/** The lazy kind of a class. */
type LazyClass<Base extends ModuleClass> = abstract new (
  ...args: ConstructorParameters<Base>
) => InstanceType<Base> & Lazily;

/**
 * A lazy kind of a class of modules: parameters that are `UninitializedParameter` at first, to which
 * `initialize_parameters` gives shapes when the module is first called or loaded.
 *
 * @example
 * class LazyScale extends LazyModuleMixin(Scale) {
 *   override get cls_to_become() { return Scale; }
 *   constructor() { super(0); this.weight = new nn.UninitializedParameter(); }
 *   override initialize_parameters(input: Tensor) { this.weight.materialize([input.size(-1)]); }
 * }
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.modules.lazy.LazyModuleMixin.html
 */
export function LazyModuleMixin<Base extends ModuleClass>(base: Base): LazyClass<Base> {
  abstract class Lazy extends (base as unknown as new (...args: unknown[]) => Module) {
    constructor(...args: unknown[]) {
      super(...args);
      stateHooksOf(this).beforeLoad.add(shapeFromState as never, { with_module: true });
      const members = membersOf(this);
      members.hooks ??= new ModuleHooks();
      members.hooks.before.add(inferParameters, { with_kwargs: true, always_call: false });
    }

    get cls_to_become(): { readonly prototype: object } | null {
      return null;
    }

    override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
      for (const [name, tensor] of [...this.ownParameters(), ...this.ownBuffers(true)]) {
        destination[prefix + name] = is_lazy(tensor) || keep_vars ? tensor : tensor.detach();
      }
    }

    initialize_parameters(..._inputs: never[]): void {
      throw new NotImplementedError(`initialize_parameters is not implemented for ${this.constructor.name}`);
    }

    has_uninitialized_params(): boolean {
      return tensorsOf(this).some(([, tensor]) => is_lazy(tensor));
    }
  }
  return Lazy as unknown as LazyClass<Base>;
}
