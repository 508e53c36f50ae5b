/** Hooks of all modules that see what becomes a parameter, a buffer or a submodule. */
import type { RemovableHandle } from '../../autograd/inside';
import { pythonFunction } from '../../call';
import { HookList } from './hook_list';

/** What a module gets a name for. */
export type Registered = 'parameter' | 'buffer' | 'module';

/** Gets the module, the name and what it is to be; what it returns, if anything, takes its place. */
export type RegistrationHook = (module: object, name: string, value: unknown) => unknown;

const lists: Readonly<Record<Registered, HookList<RegistrationHook>>> = {
  parameter: new HookList(),
  buffer: new HookList(),
  module: new HookList(),
};

/** The value to register, after the hooks. */
export function seenByHooks<T>(kind: Registered, module: object, name: string, value: T): T {
  let seen = value;
  for (const { hook } of lists[kind].entries) seen = (hook(module, name, seen) ?? seen) as T;
  return seen;
}

function registering(kind: Registered) {
  return pythonFunction(
    `register_module_${kind}_registration_hook`,
    ['hook'],
    (hook: RegistrationHook): RemovableHandle => lists[kind].add(hook, {}),
  );
}

/** Calls `hook(module, name, parameter)` for every parameter that any module gets from now on. */
export const register_module_parameter_registration_hook = registering('parameter');

/** Calls `hook(module, name, buffer)` for every buffer that any module gets from now on. */
export const register_module_buffer_registration_hook = registering('buffer');

/** Calls `hook(module, name, submodule)` for every submodule that any module gets from now on. */
export const register_module_module_registration_hook = registering('module');
