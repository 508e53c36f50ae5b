/** Options objects of functions outside of `torch`. */

/** Refuses options that the function does not have, in Python's words for unknown keywords. */
export function refuseUnknown(name: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${name}(): the last argument must be an object of options`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) throw new TypeError(`${name}() got an unexpected keyword argument '${key}'`);
  }
}
