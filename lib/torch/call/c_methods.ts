/** Functions and methods that Python writes in C: they take no keywords, and no argument or one. */
import { isKeywords } from './arguments';
import { noArguments, noKeywords, oneArgument } from './words/python';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The number of arguments that were given: undefined at the end means nothing. */
function given(args: readonly unknown[]): number {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  return count;
}

function none(caller: string, method: Method): Method {
  return function (...args) {
    const count = args.length === 0 ? 0 : given(args);
    if (count > 0) throw isKeywords(args[count - 1]) ? noKeywords(caller) : noArguments(caller, count);
    return method.call(this);
  };
}

function one(caller: string, method: Method): Method {
  return function (...args) {
    const count = args.length === 1 && typeof args[0] !== 'object' ? 1 : given(args);
    if (count > 0 && isKeywords(args[count - 1])) throw noKeywords(caller);
    if (count !== 1) throw oneArgument(caller, count);
    return method.call(this, args[0]);
  };
}

/**
 * A function of this kind, with as many parameters as its implementation. `caller` is its name in Python's words, with the
 * module: `torch.get_num_threads`.
 */
export function cFunction<Values extends readonly unknown[], Result>(
  caller: string,
  implementation: (...values: Values) => Result,
): (...args: Values) => Result {
  const limit = implementation.length === 0 ? none : one;
  const limited = limit(caller, implementation as unknown as Method);
  Object.defineProperty(limited, 'name', { value: caller.slice(caller.lastIndexOf('.') + 1) });
  return limited as unknown as (...args: Values) => Result;
}

/** Limits methods of a class to the arguments they take. They are called often: the right call costs a comparison. */
export function cMethods(
  prototype: object,
  owner: string,
  methods: { readonly none?: readonly string[]; readonly one?: readonly string[] },
): void {
  for (const [limit, names] of [
    [none, methods.none ?? []],
    [one, methods.one ?? []],
  ] as const) {
    for (const name of names) {
      const value = limit(`${owner}.${name}`, (prototype as Readonly<Record<string, Method>>)[name] as Method);
      Object.defineProperty(value, 'name', { value: name });
      Object.defineProperty(prototype, name, { value, writable: true, enumerable: false, configurable: true });
    }
  }
}
