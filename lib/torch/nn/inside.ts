/** What other rooms need of this one, and users do not see. No code stands here: what is used of it loads, and nothing else. */
export { deepcopy } from './copy';
export { privateFieldOf } from './private_fields';
export { isModule } from './module/is_module';
export { hasHooks, membersOf } from './module/members';
export { functionalCall, type NamedTensors } from './utils/stateless';
