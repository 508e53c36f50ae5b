/** What a program allows pickles to name, besides what they always may. */
import { bindBlock, pythonFunction, signature } from '../../call';
import { typeName, within } from '../../core';
import { ValueError } from '../../native';

/** Makes, of the values of a pickle, what stands for an object of a class of Python's, or for a function's result. */
export type SafeFunction = ((...args: never[]) => unknown) | (new (...args: never[]) => unknown);

/** A function, and the place in Python of the class or function that it stands for: `[Point, 'geometry.Point']`. */
export type SafeGlobal = readonly [make: SafeFunction, path: string];

const marked = new Map<string, SafeFunction>();

function check(safe_globals: readonly SafeGlobal[]): void {
  if (!Array.isArray(safe_globals)) {
    throw new TypeError(`add_safe_globals(): expected a list of pairs, not ${typeName(safe_globals)}`);
  }
  for (const pair of safe_globals as readonly unknown[]) {
    if (!Array.isArray(pair)) {
      throw new TypeError(
        `add_safe_globals(): expected [function, 'module.Name'], since a function of JavaScript has no place in Python, not ${typeName(pair)}`,
      );
    }
    if (pair.length !== 2) {
      throw new ValueError(
        `Expected tuple of length 2 (global, str of callable full path), but got tuple of length: ${pair.length}`,
      );
    }
    if (typeof pair[0] !== 'function') throw new TypeError(`add_safe_globals(): ${typeName(pair[0])} is not callable`);
    if (typeof pair[1] !== 'string') {
      throw new TypeError(
        `Expected second item in tuple to be str of callable full path, but got: ${typeName(pair[1])}`,
      );
    }
  }
}

/**
 * Allows pickles to name these classes and functions, which they are then made by.
 *
 * @example
 * torch.serialization.add_safe_globals([[(x: number, y: number) => ({ x, y }), 'geometry.Point']]);
 * @see https://docs.pytorch.org/docs/stable/notes/serialization.html#torch.serialization.add_safe_globals
 */
export const add_safe_globals = pythonFunction(
  'add_safe_globals',
  ['safe_globals'],
  (safe_globals: readonly SafeGlobal[]): void => {
    check(safe_globals);
    for (const [make, path] of safe_globals) marked.set(path, make);
  },
);

/** What `add_safe_globals` allowed. */
export const get_safe_globals = pythonFunction('get_safe_globals', [], (): SafeGlobal[] =>
  [...marked].map(([path, make]) => [make, path] as const),
);

/** Takes everything back that `add_safe_globals` allowed. */
export const clear_safe_globals = pythonFunction('clear_safe_globals', [], (): void => {
  marked.clear();
});

/** A class in Python: it counts `self`. */
const block = signature('_safe_globals.__init__', ['self', 'safe_globals'], 2);

/**
 * Allows classes and functions while `body` runs. Python: `with torch.serialization.safe_globals([…]):`.
 *
 * @returns what `body` returns
 */
export function safe_globals<T>(
  safe_globals: readonly SafeGlobal[] | { safe_globals: readonly SafeGlobal[] },
  body: () => T,
): T;
export function safe_globals<T>(...args: unknown[]): T {
  const [body, [, globals]] = bindBlock<T>(block, ['self', ...args]) as [() => T, [unknown, readonly SafeGlobal[]]];
  check(globals);
  const enter = () => {
    const before = [...marked];
    add_safe_globals(globals);
    return before;
  };
  const leave = (before: readonly [string, SafeFunction][]) => {
    marked.clear();
    for (const [path, make] of before) marked.set(path, make);
  };
  return within('safe_globals', enter, leave, body);
}

/** What makes that which stands for a class or function of Python; undefined where nothing was allowed. */
export function safeGlobal(path: string): ((args: readonly unknown[]) => unknown) | undefined {
  const make = marked.get(path) as ((...args: unknown[]) => unknown) | undefined;
  if (make === undefined) return undefined;
  // A class cannot be called; its prototype cannot be replaced.
  const isClass = Object.getOwnPropertyDescriptor(make, 'prototype')?.writable === false;
  return (args) => (isClass ? (Reflect.construct(make, [...args]) as unknown) : make(...args));
}
