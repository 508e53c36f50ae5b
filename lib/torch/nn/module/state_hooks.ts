/** Hooks around saving and loading a module's state. */
import { HookList } from './hook_list';

/** Tensors by name, as hooks of loading see them: they may change it. */
export type LoadedState = Map<string, unknown>;

/** What is known of a module beside its tensors. */
export interface LocalMetadata {
  /** Version of the layout; absent where the state carries none. */
  version?: number;
  assign_to_params_buffers?: boolean;
  /** Versions of spectral normalisation, by parameter. */
  spectral_norm?: Record<string, number>;
}

/** Arguments of `_load_from_state_dict`. */
export type LoadArguments = [
  state_dict: LoadedState,
  prefix: string,
  local_metadata: LocalMetadata,
  strict: boolean,
  missing_keys: string[],
  unexpected_keys: string[],
  error_msgs: string[],
];

/** Their names. */
export const LOAD_ARGUMENTS = [
  ...['state_dict', 'prefix', 'local_metadata', 'strict'],
  ...['missing_keys', 'unexpected_keys', 'error_msgs'],
] as const;

/** Called before a module's own state is saved. */
export type SavePreHook = (module: object, prefix: string, keep_vars: boolean) => unknown;

/** Called after a module and those below it are saved. */
export type SaveHook = (module: object, state_dict: object, prefix: string, local_metadata: LocalMetadata) => unknown;

/** Called before a module's own state is loaded; with the module first, or without. */
export type LoadPreHook = (...args: never[]) => unknown;

/** Called after a module and those below it are loaded; may change the lists. */
export type LoadPostHook = (module: object, incompatible_keys: object) => unknown;

/** A module's hooks around saving and loading. */
export class StateHooks {
  beforeSave = new HookList<SavePreHook>();
  afterSave = new HookList<SaveHook, { readonly isPublic: boolean }>();
  beforeLoad = new HookList<LoadPreHook, { readonly with_module: boolean }>();
  afterLoad = new HookList<LoadPostHook>();

  /** Hooks of their own, with the same functions. */
  copy(): StateHooks {
    const copied = new StateHooks();
    copied.beforeSave = this.beforeSave.copy();
    copied.afterSave = this.afterSave.copy();
    copied.beforeLoad = this.beforeLoad.copy();
    copied.afterLoad = this.afterLoad.copy();
    return copied;
  }
}
