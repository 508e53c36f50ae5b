/** Classes whose objects only isotorch makes. */

/** What their constructors want to see: users do not have it. */
export const ours = Symbol('made by isotorch');

/** Refuses a constructor's call from outside, in Python's words; `remedy` says where such objects come from. */
export function refuseUsers(key: unknown, name: string, remedy: string): void {
  if (key !== ours) throw new TypeError(`cannot create '${name}' instances: ${remedy}`);
}
