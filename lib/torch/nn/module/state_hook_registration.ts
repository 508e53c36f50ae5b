/** Registering hooks around saving and loading. */
import type { RemovableHandle } from '../../autograd/inside';
import { pythonFunction } from '../../call';
import { TorchError } from '../../native';
import { membersOf } from './members';
import { type LoadPostHook, type LoadPreHook, type SaveHook, type SavePreHook, StateHooks } from './state_hooks';

/** The hooks of a module, made if need be. */
export function stateHooksOf(module: object): StateHooks {
  const members = membersOf(module);
  members.stateHooks ??= new StateHooks();
  return members.stateHooks;
}

/** Functions registered by the public name, whose results nobody takes. */
const publicHooks = new WeakSet<object>();

/** `Module.register_state_dict_pre_hook`. */
export const registerStateDictPreHook = pythonFunction(
  'Module.register_state_dict_pre_hook',
  ['self', 'hook'],
  (self: object, hook: SavePreHook): RemovableHandle => stateHooksOf(self).beforeSave.add(hook, {}),
);

/** `Module.register_state_dict_post_hook`. */
export const registerStateDictPostHook = pythonFunction(
  'Module.register_state_dict_post_hook',
  ['self', 'hook'],
  (self: object, hook: SaveHook): RemovableHandle => {
    publicHooks.add(hook);
    return stateHooksOf(self).afterSave.add(hook, { isPublic: true });
  },
);

/** `Module._register_state_dict_hook`. */
export const registerStateDictHook = pythonFunction(
  'Module._register_state_dict_hook',
  ['self', 'hook'],
  (self: object, hook: SaveHook): RemovableHandle => {
    if (publicHooks.has(hook)) {
      throw new TorchError(
        'Cannot register the same function as the state dict post hook that was previously registered via register_state_dict_post_hook',
      );
    }
    return stateHooksOf(self).afterSave.add(hook, { isPublic: false });
  },
);

/** `Module._register_load_state_dict_pre_hook`. */
export const registerPlainLoadPreHook = pythonFunction(
  'Module._register_load_state_dict_pre_hook',
  ['self', 'hook', 'with_module'],
  (self: object, hook: LoadPreHook, with_module: boolean = false): RemovableHandle =>
    stateHooksOf(self).beforeLoad.add(hook, { with_module }),
);

/** `Module.register_load_state_dict_pre_hook`. */
export const registerLoadPreHook = pythonFunction(
  'Module.register_load_state_dict_pre_hook',
  ['self', 'hook'],
  (self: object, hook: LoadPreHook): RemovableHandle => stateHooksOf(self).beforeLoad.add(hook, { with_module: true }),
);

/** `Module.register_load_state_dict_post_hook`. */
export const registerLoadPostHook = pythonFunction(
  'Module.register_load_state_dict_post_hook',
  ['self', 'hook'],
  (self: object, hook: LoadPostHook): RemovableHandle => stateHooksOf(self).afterLoad.add(hook, {}),
);
