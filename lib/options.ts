/** Options objects of functions outside of `torch`. */

/**
 * The options that were given, and none that only the prototype has. Refuses those that the function does not have, in Python's
 * words for unknown keywords.
 */
export function readOptions<T>(name: string, options: T, allowed: readonly string[]): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${name}(): the last argument must be an object of options`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) throw new TypeError(`${name}() got an unexpected keyword argument '${key}'`);
  }
  return Object.assign(Object.create(null) as T & object, options);
}
