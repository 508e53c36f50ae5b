/**
 * Functions that PyTorch writes in Python: how they are called, and what a wrong call is told.
 *
 * @example
 * export const scale = pythonFunction('scale', ['input', 'factor', '*', 'inplace'],
 *   (input: Tensor, factor: number = 2, inplace: boolean = false): Tensor => …);
 * scale(x); scale(x, 3); scale(x, { factor: 3, inplace: true }); scale({ input: x });
 */
import { bind, signature } from './bind';
import type { Arguments, Positional } from './forms';
import { explained } from './words/mistaken_types';

declare const parameters: unique symbol;

const implementations = new WeakMap<object, object>();

/** What a function was made of: its source names the defaults. */
export const implementationOf = (made: object): object | undefined => implementations.get(made);

/** A function of Python: arguments by position, or by keyword in one trailing object. */
export interface PythonFunction<Names extends readonly string[], Values extends readonly unknown[], Result> {
  (...args: Positional<Names, Values>): Result;
  (...args: Arguments<Names, Values>): Result;
  /** For types only, because overloads hide it. */
  readonly [parameters]?: readonly [Names, Values];
}

/** The arguments of the method that hands its tensor to such a function as the first one. */
export type MethodArguments<F> = F extends {
  readonly [parameters]?: readonly [
    readonly [string, ...infer Names extends readonly string[]],
    readonly [unknown, ...infer Values],
  ];
}
  ? Arguments<Names, Values>
  : never;

/**
 * Makes a function that is called as Python's is.
 *
 * `names` are Python's parameter names in order, `'*'` before the keyword-only ones, `'inputs{}'` for one that takes
 * objects of any keys. `implementation` takes them all by position, each with its type written out (TypeScript would
 * take it for unknown); its own default values (`= …`, not `?`) are the defaults, and say which are required.
 * `undefined` takes the default, `null` is None.
 *
 * @throws TypeError in Python's words, from the function made, for wrong counts and names
 */
export function pythonFunction<const Names extends readonly string[], Values extends readonly unknown[], Result>(
  caller: string,
  names: Names,
  implementation: (...values: Values) => Result,
): PythonFunction<Names, Values, Result> {
  const to = signature(caller, names, implementation.length);
  const call = (...args: unknown[]): Result => {
    const values = bind(to, args);
    try {
      return implementation(...(values as unknown as Values));
    } catch (error) {
      throw explained(error, caller, to.names, values);
    }
  };
  Object.defineProperty(call, 'name', { value: caller });
  implementations.set(call, implementation);
  return call as unknown as PythonFunction<Names, Values, Result>;
}
