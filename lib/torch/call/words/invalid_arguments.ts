/**
 * "received an invalid combination of arguments": what Python says when a call does not tell which signature was meant.
 *
 * Python reads the printed signatures back, word by word (torch/csrc/utils/invalid_arguments.cpp). What that makes of
 * defaults and of the star is kept: an argument with a default is taken to be called like the default.
 */
import { typeName } from '../../core';
import type { Given, Signature } from '../signature';

/** One item of a printed signature, as it is read back. */
interface Item {
  readonly type: string;
  readonly name: string;
}

/** The signature's parameters as Python prints them. */
export function print(signature: Signature): string {
  const items = signature.parameters.map((p) => {
    const start = `${p.kind.display} ${p.name}`;
    return p.fallback === undefined ? start : `${start} = ${p.fallback}`;
  });
  const star = signature.parameters.findIndex((p) => p.keywordOnly);
  if (star >= 0) items.splice(star, 0, '*');
  return `(${items.join(', ')})`;
}

function readBack(signature: Signature): Item[] {
  return print(signature)
    .slice(1, -1)
    .split(', ')
    .map((item) => {
      const end = item.lastIndexOf(' ');
      return { type: end < 0 ? item : item.slice(0, end), name: item.slice(end + 1) };
    });
}

function fits(value: unknown, { type }: Item): boolean {
  const name = typeName(value);
  return name === type || (name === 'int' && type === 'float');
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `list of [${value.map(typeName).join(', ')}]` : typeName(value);
}

/** The order in which Python's table of keywords gives them back. */
function keywordsOf(given: Given): string[] {
  return [...given.names].reverse();
}

/** The brackets' comma is only taken back where there are positional arguments. */
function bracketed(types: readonly string[], given: Given): string {
  return `(${types.join(', ')}${given.positional.length === 0 && types.length > 0 ? ', ' : ''})`;
}

function types(given: Given): string {
  const byName = keywordsOf(given).map((name) => `${name}=${typeName(given.keywords[name])}`);
  return bracketed([...given.positional.map(typeName), ...byName], given);
}

/** The types given, with `!` around those that do not fit. */
function marked(items: readonly Item[], given: Given): string {
  const positional = given.positional.map((value, i) => {
    const text = describe(value);
    return fits(value, items[i] as Item) ? text : `!${text}!`;
  });
  const byName = items.slice(positional.length).map((item) => {
    const value = given.keywords[item.name];
    const text = `${item.name}=${describe(value)}`;
    return fits(value, item) ? text : `!${text}!`;
  });
  return bracketed([...positional, ...byName], given);
}

function unknownKeywords(items: readonly Item[], given: Given): string[] {
  const last = items.slice(Math.max(0, items.length - given.names.length));
  return keywordsOf(given).filter((name) => !last.some((item) => item.name === name));
}

/** The call does not say which of these signatures was meant: shows what was given, and the signatures. */
export function ambiguous(name: string, signatures: readonly Signature[], given: Given): TypeError {
  const start = `${name}() received an invalid combination of arguments - `;
  const count = given.positional.length + given.names.length;
  const [only] = signatures;
  if (signatures.length === 1 && only !== undefined) {
    const items = readBack(only);
    const unknown = unknownKeywords(items, given);
    if (unknown.length > 0) return new TypeError(`${start}got unrecognized keyword arguments: ${unknown.join(', ')}`);
    const got = items.length === count ? marked(items, given) : types(given);
    return new TypeError(`${start}got ${got}, but expected ${print(only)}`);
  }
  const lines = signatures.map((signature) => {
    const items = readBack(signature);
    const line = ` * ${print(signature)}\n`;
    if (items.length !== count) return line;
    const unknown = unknownKeywords(items, given);
    const reason = "      didn't match because some of the";
    return unknown.length > 0
      ? `${line}${reason} keywords were incorrect: ${unknown.join(', ')}\n`
      : `${line}${reason} arguments have invalid types: ${marked(items, given)}\n`;
  });
  return new TypeError(`${start}got ${types(given)}, but expected one of:\n${lines.join('')}`);
}
