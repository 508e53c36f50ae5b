/**
 * Types of the ways to call what has Python's parameters.
 *
 * All are made from the tuple of an implementation's own parameters, by taking off its last element: then the elements
 * keep their labels, and editors show Python's names.
 */
import type { NameOf } from './bind';

type WithoutLast<Values extends readonly unknown[]> = Values extends readonly [...infer Head, unknown?] ? Head : [];

/** The object with one key. Where `Documented` has a property of that name, editors show its comment. */
type Keyed<Name extends string, Documented> = Name extends keyof Documented
  ? Pick<Documented, Name>
  : Record<Name, unknown>;

/** The last parameter by keyword; one without a default is required. */
type Keyword<Name extends string, Values extends readonly unknown[], Documented> = Values extends readonly [
  ...infer _,
  infer Value,
]
  ? { -readonly [_ in keyof Keyed<Name, Documented>]: Value }
  : Values extends readonly [...infer _, (infer Value)?]
    ? { -readonly [_ in keyof Keyed<Name, Documented>]?: Value }
    : never;

/** The trailing object, which may be left out when all in it may. */
type Trailing<Keywords> = Partial<Keywords> extends Keywords ? [keywords?: Keywords] : [keywords: Keywords];

/** The first arguments by position, the others in one trailing object: one tuple for each number of the first. */
export type WithKeywords<
  Names extends readonly string[],
  Values extends readonly unknown[],
  Documented = unknown,
  Keywords = unknown,
  Found = never,
> = Names extends readonly [...infer Others extends readonly string[], infer Name extends string]
  ? Name extends '*'
    ? WithKeywords<Others, Values, Documented, Keywords, [...Values, ...Trailing<Keywords>]>
    : WithKeywords<
        Others,
        WithoutLast<Values>,
        Documented,
        Keyword<NameOf<Name>, Values, Documented> & Keywords,
        '*' extends Others[number]
          ? never
          : Found | [...WithoutLast<Values>, ...Trailing<Keyword<NameOf<Name>, Values, Documented> & Keywords>]
      >
  : Found;

/** Arguments by position only, where none is keyword-only: what editors show first. */
export type Positional<
  Names extends readonly string[],
  Values extends readonly unknown[],
  Documented = unknown,
> = '*' extends Names[number] ? WithKeywords<Names, Values, Documented> : Values;

/** Every way to give the arguments. */
export type Arguments<Names extends readonly string[], Values extends readonly unknown[], Documented = unknown> =
  | Positional<Names, Values, Documented>
  | WithKeywords<Names, Values, Documented>;
