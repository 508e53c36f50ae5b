/** What other rooms need of this one, and users do not see. */
export { type Arguments, readArguments } from './module/arguments';
export { isModule, membersOf } from './module/members';
