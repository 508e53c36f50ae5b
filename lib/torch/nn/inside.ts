/** What other rooms need of this one, and users do not see. */
export { hasHooks, isModule, membersOf } from './module/members';
export { deepcopy } from './copy';
