/** Checks of the trailing options object that stands for Python's keyword arguments. */
import { isKeywords } from './arguments';
import { isTensor } from '../memory';
import { typeName, ownOf } from '../core';
import { unexpected } from './words/python';

/**
 * The options that were given, and none that only the prototype has. Refuses those that the function does not have, as Python
 * refuses unknown keywords.
 */
export function readOptions<T>(name: string, options: T, allowed: readonly string[]): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || isTensor(options)) {
    throw new TypeError(`${name}(): the last argument must be an object of options, not ${typeName(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) throw unexpected(name, key);
  }
  return ownOf(options);
}

/** Refuses keywords for a function that Python writes with `*args` only. */
export function refuseKeywords(name: string, args: readonly unknown[]): void {
  const last = args[args.length - 1];
  if (isKeywords(last)) readOptions(name, last, []);
}
