/** Checks of the trailing options object that stands for Python's keyword arguments. */
import { isTensor } from './handle';
import { typeName } from './python_text';

/** A value for an error message. Only primitives are shown: an object's own toString may be anything. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isTensor(value)) return 'a tensor';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** Refuses options that the function does not have, as Python refuses unknown keywords. */
export function refuseUnknown(name: string, options: unknown, allowed: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || isTensor(options)) {
    throw new TypeError(`${name}(): the last argument must be an object of options, not ${typeName(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) {
      throw new TypeError(`${name}() got an unexpected keyword argument '${key}'`);
    }
  }
}
