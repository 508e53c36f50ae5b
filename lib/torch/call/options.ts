/** Checks of the trailing options object that stands for Python's keyword arguments. */
import { isKeywords } from './arguments';
import { isTensor } from '../memory';
import { typeName } from '../core';
import { unexpected } from './words/python';

/** Refuses options that the function does not have, as Python refuses unknown keywords. */
export function refuseUnknown(name: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || isTensor(options)) {
    throw new TypeError(`${name}(): the last argument must be an object of options, not ${typeName(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) throw unexpected(name, key);
  }
}

/** Refuses keywords for a function that Python writes with `*args` only. */
export function refuseKeywords(name: string, args: readonly unknown[]): void {
  const last = args[args.length - 1];
  if (isKeywords(last)) refuseUnknown(name, last, []);
}
