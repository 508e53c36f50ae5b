/** Saving a module's state, with Python's keys. */
import { pythonFunction } from '../../call';
import type { Tensor } from '../../memory';
import { TorchError } from '../../native';
import { eachBelow } from './cycle';
import { membersOf } from './members';
import type { Module } from './module';
import type { LocalMetadata } from './state_hooks';

/** Tensors by dotted name. An object without prototype, so that every name is only a name. */
export type StateDict = Record<string, Tensor>;

/** Argument of `load_state_dict`: an object or a Map of tensors by dotted name. */
export type StateSource = Readonly<StateDict> | ReadonlyMap<string, Tensor>;

/** Options of `state_dict`. */
export interface StateDictOptions {
  /** Filled and returned instead of a new one. */
  destination?: StateDict;
  /** Put before every name; ends with a dot. */
  prefix?: string;
  /** Gives the tensors themselves, with their history, instead of detached ones. Default false. */
  keep_vars?: boolean;
}

/** What is known of each module beside its tensors, by its path: a hidden property of a state dict, as in Python. */
export type Metadata = Record<string, LocalMetadata>;

/** The metadata of a state dict. */
export function metadataOf(state: object): Metadata | undefined {
  return (state as { _metadata?: Metadata })._metadata;
}

/** End of the key of what `get_extra_state` gave. */
export const EXTRA_STATE = '_extra_state';

/** `get_extra_state` and `set_extra_state` of `Module`: a class that has others has extra state. */
export const withoutExtraState: { get?: unknown; set?: unknown } = {};

/** Error of the two. */
export function noExtraState(name: string): TorchError {
  return new TorchError(
    `Reached a code path in Module.${name}() that should never be called. Please file an issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug.`,
  );
}

/** `Module._save_to_state_dict`: a module's own tensors and extra state, without those below. */
export function saveOwnState(module: Module, destination: StateDict, prefix: string, keep_vars: boolean): void {
  for (const [name, tensor] of [...module.ownParameters(), ...module.ownBuffers(true)]) {
    destination[prefix + name] = keep_vars ? tensor : tensor.detach();
  }
  if (module.get_extra_state !== withoutExtraState.get) {
    destination[prefix + EXTRA_STATE] = module.get_extra_state() as Tensor;
  }
}

/** `Module.state_dict`. */
export const saveStateDict = pythonFunction(
  'Module.state_dict',
  ['self', 'destination', 'prefix', 'keep_vars'],
  (
    module: Module,
    destination: StateDict | null = null,
    prefix: string = '',
    keep_vars: boolean = false,
  ): StateDict => {
    let state = destination ?? (Object.create(null) as StateDict);
    if (destination === null) Object.defineProperty(state, '_metadata', { value: {}, enumerable: false });
    const local: LocalMetadata = { version: module._version };
    const metadata = metadataOf(state);
    if (metadata !== undefined) metadata[prefix.slice(0, -1)] = local;
    const { stateHooks } = membersOf(module);
    for (const { hook } of stateHooks?.beforeSave.entries ?? []) hook(module, prefix, keep_vars);
    module._save_to_state_dict(state, prefix, keep_vars);
    eachBelow(module, module.ownModules(), ([name, child]) => {
      child.state_dict({ destination: state, prefix: `${prefix}${name}.`, keep_vars });
    });
    for (const { hook, isPublic } of stateHooks?.afterSave.entries ?? []) {
      const changed = hook(module, state, prefix, local);
      if (changed === undefined || changed === null) continue;
      if (isPublic) throw new TorchError('state_dict post-hook must return None');
      state = changed as StateDict;
    }
    return state;
  },
);
