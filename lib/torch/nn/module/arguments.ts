/**
 * Python's calling convention for what this layer writes by hand: an optional argument is given by
 * position, or by name in one trailing options object.
 */
import { isKeywords } from '../../call/arguments';
import type { DeviceLike } from '../../core/device';
import type { Dtype } from '../../core/dtype';

/** Where and in which dtype a layer makes its parameters; null and undefined are the defaults. */
export interface FactoryOptions {
  device?: DeviceLike | null;
  dtype?: Dtype | null;
}

/** The factory options as functions such as `empty` take them. */
export function factory(options: FactoryOptions): { device?: DeviceLike; dtype?: Dtype } {
  return { device: options.device ?? undefined, dtype: options.dtype ?? undefined };
}

/**
 * The optional arguments of a call in TypeScript: any number of those in `Names` by position, in Python's
 * order, then the others of `Options` by name.
 */
export type Arguments<Options, Names extends readonly unknown[]> =
  | [options?: Options]
  | (Names extends readonly [infer Name extends keyof Options, ...infer Others]
      ? [value: Options[Name] | undefined, ...others: Arguments<Omit<Options, Name>, Others>]
      : never);

/**
 * Optional arguments of one call. `defaults` lists them in Python's order; `given` is what the caller
 * wrote after the required arguments; `undefined` takes the default.
 *
 * Throws TypeError, in Python's words, for an unknown name, one given twice, and surplus arguments.
 */
export function readArguments<T extends object>(where: string, defaults: T, given: readonly unknown[]): T {
  const result = { ...defaults } as Record<string, unknown>;
  const count = given.length;
  if (count === 0) return result as T;
  const names = Object.keys(defaults);
  const last = given[count - 1];
  const options = isKeywords(last) ? last : undefined;
  const positional = options === undefined ? count : count - 1;
  if (names.length === 0 && positional > 0) {
    throw new TypeError(`${where}() takes 1 positional argument but ${positional + 1} were given`);
  }
  if (positional > names.length) {
    throw new TypeError(
      `${where}() takes at most ${names.length} optional arguments (${names.join(', ')}) but ${positional} were given`,
    );
  }
  for (let i = 0; i < positional; i++) {
    if (given[i] !== undefined) result[names[i]!] = given[i];
  }
  for (const name in options) {
    const index = names.indexOf(name);
    if (index < 0) {
      throw new TypeError(`${where}() got an unexpected keyword argument '${name}'`);
    }
    if (index < positional && given[index] !== undefined) {
      throw new TypeError(`${where}() got multiple values for argument '${name}'`);
    }
    if (options[name] !== undefined) result[name] = options[name];
  }
  return result as T;
}
