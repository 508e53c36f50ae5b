/** One option of a recipe: its default, what it takes, and what it is for. Typed once: command line, options.json and docs read it. */
import { resolve } from 'node:path';

/** An option whose values are of type `T`. */
export interface Option<T> {
  readonly fallback: T;
  /** What it takes, in words: "a whole number from 1 on". */
  readonly takes: string;
  /** What it is for, in a sentence without a full stop. */
  readonly about: string;
  /** Reads what the command line says; undefined where that is no value. */
  readonly parse: (text: string) => T | undefined;
  /** Whether a value, from a file or a program, is one. */
  readonly allows: (value: unknown) => boolean;
  /** Other options with the values under which this one has an effect; refused where it is given under others. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
}

/** A value as the command line takes it: lists as `1,2`, numbers by resolution as `8:256,16:128`. */
export function optionText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key}:${each}`)
    .join(',');
}

/** Options by name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** Values of a table's options. */
export type OptionsOf<Table extends OptionTable> = {
  -readonly [Name in keyof Table]: Table[Name] extends Option<infer T> ? T : never;
};

/** What every option may say besides its default. */
export interface Details {
  about: string;
  only?: Readonly<Record<string, readonly unknown[]>>;
}

/** Limits of a number. */
export interface Limits {
  least?: number;
  most?: number;
  /** The number is greater than this. */
  above?: number;
}

const within = (value: number, { least = -Infinity, most = Infinity, above = -Infinity }: Limits): boolean =>
  value >= least && value <= most && value > above;

function said(kind: string, { least, most, above }: Limits): string {
  const parts = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(least === undefined ? [] : [most === undefined ? `from ${least} on` : `from ${least}`]),
    ...(most === undefined ? [] : [`to ${most}`]),
  ];
  return [kind, ...parts].join(' ');
}

/** A whole number. */
export function whole(fallback: number, { least = 0, most, above, ...details }: Details & Limits): Option<number> {
  const limits = { least, ...(most === undefined ? {} : { most }), ...(above === undefined ? {} : { above }) };
  const allows = (value: unknown): boolean => Number.isSafeInteger(value) && within(value as number, limits);
  const parse = (text: string) => (/^-?\d+$/.test(text) && allows(Number(text)) ? Number(text) : undefined);
  return { fallback, takes: said('a whole number', limits), parse, allows, ...details };
}

/** A number. */
export function number(fallback: number, { least, most, above, ...details }: Details & Limits): Option<number> {
  const limits = Object.fromEntries(Object.entries({ least, most, above }).filter(([, limit]) => limit !== undefined));
  const allows = (value: unknown): boolean =>
    typeof value === 'number' && Number.isFinite(value) && within(value, limits);
  const parse = (text: string) =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && allows(Number(text)) ? Number(text) : undefined;
  return { fallback, takes: said('a number', limits), parse, allows, ...details };
}

/** One of several words or numbers. */
export function choice<const T extends string | number>(
  values: readonly T[],
  fallback: NoInfer<T>,
  details: Details,
): Option<T> {
  const allows = (value: unknown): boolean => values.includes(value as T);
  const parse = (text: string) => values.find((value) => String(value) === text);
  return { fallback, takes: `one of ${values.join(', ')}`, parse, allows, ...details };
}

/** Yes or no; on the command line `--name`, `--name=false`, or `--no-name`. */
export function flag(fallback: boolean, details: Details): Option<boolean> {
  const parse = (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined);
  return { fallback, takes: 'true or false', parse, allows: (value) => typeof value === 'boolean', ...details };
}

/** A text. */
export function text(fallback: string, { takes = 'a text', ...details }: Details & { takes?: string }): Option<string> {
  return { fallback, takes, parse: (given) => given, allows: (value) => typeof value === 'string', ...details };
}

/** A file or folder, made absolute, so that a run finds it again from anywhere; `words` stand for themselves. */
export function path(
  fallback: string,
  { takes = 'a path', words = [], ...details }: Details & { takes?: string; words?: readonly string[] },
): Option<string> {
  const parse = (given: string): string => (given === '' || words.includes(given) ? given : resolve(given));
  return { fallback, takes, parse, allows: (value) => typeof value === 'string', ...details };
}

/** Numbers, separated by commas. */
export function numbers(fallback: readonly number[], details: Details & Limits): Option<readonly number[]> {
  const { about, only, ...limits } = details;
  const one = number(0, details);
  const allows = (value: unknown): boolean => Array.isArray(value) && value.every(one.allows);
  const parse = (given: string) => {
    const items = given === '' ? [] : given.split(',').map((item) => one.parse(item.trim()));
    return items.includes(undefined) ? undefined : (items as number[]);
  };
  const takes = said('numbers', limits);
  return { fallback, takes: `${takes}, separated by commas`, parse, allows, about, ...(only && { only }) };
}
