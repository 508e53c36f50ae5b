/**
 * Functions that PyTorch writes in Python: how they are called, and what a wrong call is told.
 *
 * @example
 * export const scale = pythonFunction('scale', ['input', 'factor', '*', 'inplace'],
 *   (input: Tensor, factor: number = 2, inplace: boolean = false): Tensor => …);
 * scale(x); scale(x, 3); scale(x, { factor: 3, inplace: true }); scale({ input: x });
 */
import { isKeywords } from './arguments';
import { explained } from './words/mistaken_types';

// Both types pass on what they have so far: TypeScript follows such a recursion through the longest list of parameters.

/** Arguments by keyword: those without a default are required. */
type Options<
  Names extends readonly string[],
  Values extends readonly unknown[],
  Before = unknown,
> = Names extends readonly [infer Name extends string, ...infer Others extends readonly string[]]
  ? Name extends '*'
    ? Options<Others, Values, Before>
    : Values extends readonly [infer Value, ...infer Rest]
      ? Options<Others, Rest, Before & { [_ in Name]: Value }>
      : Values extends readonly [(infer Value)?, ...infer Rest]
        ? Options<Others, Rest, Before & { [_ in Name]?: Value }>
        : Before
  : Before;

/** The trailing object, which may be left out when all in it may. */
type Trailing<Keywords> = Partial<Keywords> extends Keywords ? [options?: Keywords] : [options: Keywords];

/** The first arguments by position, the others in one trailing object. */
type WithKeywords<
  Names extends readonly string[],
  Values extends readonly unknown[],
  Before extends readonly unknown[] = [],
  Found = never,
> = Names extends readonly [infer Name extends string, ...infer Others extends readonly string[]]
  ? Name extends '*'
    ? Found | [...Before, ...Trailing<Options<Names, Values>>]
    : Values extends readonly [infer Value, ...infer Rest]
      ? WithKeywords<Others, Rest, [...Before, value: Value], Found | [...Before, ...Trailing<Options<Names, Values>>]>
      : Values extends readonly [(infer Value)?, ...infer Rest]
        ? WithKeywords<
            Others,
            Rest,
            [...Before, value: Value | undefined],
            Found | [...Before, ...Trailing<Options<Names, Values>>]
          >
        : never
  : Found | Before;

/** Arguments by position only, under their own names, where none is keyword-only. */
type Positional<Names extends readonly string[], Values extends readonly unknown[]> = '*' extends Names[number]
  ? WithKeywords<Names, Values>
  : Values;

declare const signature: unique symbol;

/** A function of Python: arguments by position, or by keyword in one trailing object. */
export interface PythonFunction<Names extends readonly string[], Values extends readonly unknown[], Result> {
  (...args: Positional<Names, Values>): Result;
  (...args: Positional<Names, Values> | WithKeywords<Names, Values>): Result;
  /** For types only, because overloads hide it. */
  readonly [signature]?: readonly [Names, Values];
}

/** The arguments of the method that hands its tensor to such a function as the first one. */
export type MethodArguments<F> = F extends {
  readonly [signature]?: readonly [
    readonly [string, ...infer Names extends readonly string[]],
    readonly [unknown, ...infer Values],
  ];
}
  ? Positional<Names, Values> | WithKeywords<Names, Values>
  : never;

function enumerate(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  if (quoted.length <= 2) return quoted.join(' and ');
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
}

const plural = (count: number): string => (count === 1 ? '' : 's');

/** What a function's parameters are, for binding. */
interface Shape {
  readonly caller: string;
  readonly names: readonly string[];
  /** Number of parameters that may be given by position. */
  readonly positional: number;
  /** Number of parameters without a default; they come first. */
  readonly required: number;
}

function refuseSurplus({ caller, positional, required }: Shape, given: number, values: readonly unknown[]): never {
  const least = Math.min(required, positional);
  const range = least < positional ? `from ${least} to ${positional}` : String(positional);
  const byKeyword = values.slice(positional).filter((value) => value !== undefined).length;
  const extra =
    byKeyword > 0
      ? ` positional argument${plural(given)} (and ${byKeyword} keyword-only argument${plural(byKeyword)})`
      : '';
  const verb = given === 1 && byKeyword === 0 ? 'was' : 'were';
  throw new TypeError(
    `${caller}() takes ${range} positional argument${plural(positional)} but ${given}${extra} ${verb} given`,
  );
}

function refuseMissing({ caller, names, positional, required }: Shape, values: readonly unknown[]): never {
  const missing = (from: number, to: number): string[] =>
    names.slice(from, to).filter((_, i) => values[from + i] === undefined);
  const byPosition = missing(0, Math.min(required, positional));
  const byKeyword = missing(positional, required);
  const [kind, absent] = byPosition.length > 0 ? ['positional', byPosition] : ['keyword-only', byKeyword];
  throw new TypeError(
    `${caller}() missing ${absent.length} required ${kind} argument${plural(absent.length)}: ${enumerate(absent)}`,
  );
}

function bind(shape: Shape, args: readonly unknown[]): readonly unknown[] {
  const last = args[args.length - 1];
  const keywords = isKeywords(last) ? last : undefined;
  let given = keywords === undefined ? args.length : args.length - 1;
  while (given > 0 && args[given - 1] === undefined) given--;
  const { positional, required } = shape;
  const values = new Array<unknown>(Math.min(given, positional));
  for (let i = 0; i < values.length; i++) values[i] = args[i];
  for (const name in keywords) {
    if (keywords[name] !== undefined) take(shape, values, name, keywords[name]);
  }
  if (given > positional) refuseSurplus(shape, given, values);
  for (let i = 0; i < required; i++) if (values[i] === undefined) refuseMissing(shape, values);
  return values;
}

function take({ caller, names }: Shape, values: unknown[], name: string, value: unknown): void {
  const index = names.indexOf(name);
  if (index < 0) throw new TypeError(`${caller}() got an unexpected keyword argument '${name}'`);
  if (values[index] !== undefined) throw new TypeError(`${caller}() got multiple values for argument '${name}'`);
  values[index] = value;
}

/**
 * Makes a function that is called as Python's is.
 *
 * `names` are Python's parameter names in order, `'*'` before the keyword-only ones. `implementation` takes them all
 * by position, each with its type written out (TypeScript would take it for unknown); its own default values (`= …`, not `?`) are the defaults, and say which are required. `undefined`
 * takes the default, `null` is None. Wrong counts and names throw TypeError in Python's words.
 */
export function pythonFunction<const Names extends readonly string[], Values extends readonly unknown[], Result>(
  caller: string,
  names: Names,
  implementation: (...values: Values) => Result,
): PythonFunction<Names, Values, Result> {
  const star = (names as readonly string[]).indexOf('*');
  const all = names.filter((name) => name !== '*');
  const positional = star < 0 ? all.length : star;
  const parameters: Shape = { caller, names: all, positional, required: implementation.length };
  const call = (...args: unknown[]): Result => {
    const values = bind(parameters, args);
    try {
      return implementation(...(values as Values));
    } catch (error) {
      throw explained(error, caller, all, values);
    }
  };
  Object.defineProperty(call, 'name', { value: caller });
  return call as unknown as PythonFunction<Names, Values, Result>;
}
