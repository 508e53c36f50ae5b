/** What other rooms need of this one, and users do not see. It knows no layers: they load when first used. */
import { isModule as isOne } from './module/members';
import type { Module } from './module/module';

export { deepcopy } from './copy';
export { privateFieldOf } from './private_fields';
export { hasHooks, membersOf } from './module/members';

/** Whether a value is a module. */
export const isModule: (value: unknown) => value is Module = isOne as (value: unknown) => value is Module;
export { functionalCall, type NamedTensors } from './utils/stateless';
