/**
 * Python's calling convention for what this layer writes by hand: an optional argument is given by
 * position, or by name in one trailing options object.
 */
import { bind, signature } from '../../call';

/**
 * The optional arguments of a call in TypeScript: any number of those in `Names` by position, in Python's
 * order, then the others of `Options` by name.
 */
export type Arguments<Options, Names extends readonly unknown[]> =
  | [options?: Options]
  | (Names extends readonly [infer Name extends keyof Options, ...infer Others]
      ? [value: Options[Name] | undefined, ...others: Arguments<Omit<Options, Name>, Others>]
      : never);

/** What stands for `self` among the arguments: Python counts it. */
const SELF = Symbol('self');

/**
 * Optional arguments of one call of a method. `defaults` lists them in Python's order; `given` is what the caller wrote
 * after the required arguments; `undefined` takes the default.
 *
 * @throws TypeError in Python's words, for an unknown name, one given twice, and surplus arguments
 */
export function readArguments<T extends object>(where: string, defaults: T, given: readonly unknown[]): T {
  const result = { ...defaults } as Record<string, unknown>;
  if (given.length === 0) return result as T;
  const names = Object.keys(defaults);
  const [, ...values] = bind(signature(where, ['self', ...names], 1), [SELF, ...given]);
  names.forEach((name, i) => {
    if (values[i] !== undefined) result[name] = values[i];
  });
  return result as T;
}
