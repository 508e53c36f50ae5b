/** Arguments to parameters, as Python binds them: by position, or by keyword in one trailing object. */
import { isOwn } from '../core';
import { isKeywords } from './arguments';
import { missing, multiple, type Parameters, surplus, unexpected } from './words/python';

/** The marker before the keyword-only parameters. */
export const STAR = '*';

/** Marks a parameter that takes an object: `'inputs{}'`. A trailing object without a keyword in it is such an argument. */
const OBJECT = '{}';

/** A name as Python has it. */
export type NameOf<Name extends string> = Name extends `${infer Plain}{}` ? Plain : Name;

/** What `bind` binds to. */
export interface Signature extends Parameters {
  /** Positions of the parameters that take objects. */
  readonly objects: readonly number[];
  /** Position of each name. */
  readonly places: ReadonlyMap<string, number>;
}

/** Reads the names of a function's parameters; the first `required` have no default. */
export function signature(caller: string, names: readonly string[], required: number): Signature {
  const star = names.indexOf(STAR);
  const written = names.filter((name) => name !== STAR);
  const isObject = (name: string): boolean => name.endsWith(OBJECT);
  const plain = written.map((name) => (isObject(name) ? name.slice(0, -OBJECT.length) : name));
  return {
    caller,
    names: plain,
    positional: star < 0 ? written.length : star,
    required,
    objects: written.flatMap((name, i) => (isObject(name) ? [i] : [])),
    places: new Map(plain.map((name, i) => [name, i])),
  };
}

/** The trailing object of keywords, if there is one. */
function keywordsOf(
  { places, objects }: Signature,
  args: readonly unknown[],
): Readonly<Record<string, unknown>> | undefined {
  const last = args[args.length - 1];
  if (!isKeywords(last)) return undefined;
  if (objects.length > 0 && objects.includes(args.length - 1) && !Object.keys(last).some((key) => places.has(key)))
    return undefined;
  return last;
}

/** Whether arguments by position are the values already: none too many, none missing. */
function areValues({ positional, required }: Signature, args: readonly unknown[]): boolean {
  const count = args.length;
  if (count < required || count > positional) return false;
  for (let i = 0; i < required; i++) if (args[i] === undefined) return false;
  return true;
}

/**
 * The parameters' values in order; undefined where one is left to its default.
 *
 * @throws TypeError in Python's words: an unknown name, one given twice, surplus or missing arguments
 */
export function bind(to: Signature, args: readonly unknown[]): readonly unknown[] {
  const keywords = keywordsOf(to, args);
  if (keywords === undefined && areValues(to, args)) return args;
  let given = keywords === undefined ? args.length : args.length - 1;
  while (given > 0 && args[given - 1] === undefined) given--;
  const { caller, names, places, positional, required } = to;
  const values = new Array<unknown>(names.length);
  for (let i = 0; i < given && i < positional; i++) values[i] = args[i];
  for (const name in keywords) {
    const value = keywords[name];
    if (value === undefined || !isOwn.call(keywords, name)) continue;
    const index = places.get(name);
    if (index === undefined) throw unexpected(caller, name);
    if (values[index] !== undefined) throw multiple(caller, name);
    values[index] = value;
  }
  if (given > positional) {
    const byKeyword = values.slice(positional).filter((value) => value !== undefined).length;
    throw surplus(caller, Math.min(required, positional), positional, given, byKeyword);
  }
  for (let i = 0; i < required; i++) if (values[i] === undefined) throw missing(to, values);
  return values;
}
