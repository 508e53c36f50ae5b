/** Numbers as Python's comparison sees them. */
import { native } from '../native';
import { Float, isComplex } from '../core';

/** An int, a float or a complex number. */
export type NumberValue =
  | { readonly kind: 'int'; readonly int: bigint }
  | { readonly kind: 'float'; readonly float: number }
  | { readonly kind: 'complex'; readonly re: number; readonly im: number };

/** Reads a number by the number rule: integer-valued ones are ints. Undefined for anything else, booleans too. */
export function readNumber(value: unknown): NumberValue | undefined {
  if (typeof value === 'bigint') return { kind: 'int', int: value };
  if (value instanceof Float) return { kind: 'float', float: value.float };
  if (typeof value === 'number') {
    const isInt = Number.isSafeInteger(value) && !Object.is(value, -0);
    return isInt ? { kind: 'int', int: BigInt(value) } : { kind: 'float', float: value };
  }
  return isComplex(value) ? { kind: 'complex', re: value.re, im: value.im } : undefined;
}

/**
 * Reads two numbers to be compared. JavaScript does not tell 2 from 2.0: beside a float, a plain integer-valued number
 * is one too. A bigint always is an int.
 */
export function readNumbers(a: unknown, b: unknown): [NumberValue, NumberValue] | undefined {
  const [first, second] = [readNumber(a), readNumber(b)];
  if (first === undefined || second === undefined) return undefined;
  const beside = (value: unknown, number: NumberValue, other: NumberValue): NumberValue =>
    typeof value === 'number' && number.kind === 'int' && other.kind === 'float'
      ? { kind: 'float', float: value }
      : number;
  return [beside(a, first, second), beside(b, second, first)];
}

const realPart = (value: NumberValue): number =>
  value.kind === 'int' ? Number(value.int) : value.kind === 'float' ? value.float : value.re;
const imagPart = (value: NumberValue): number => (value.kind === 'complex' ? value.im : 0);

/** `abs(value)`. */
export function magnitude(value: NumberValue): NumberValue {
  if (value.kind === 'int') return { kind: 'int', int: value.int < 0n ? -value.int : value.int };
  const float = value.kind === 'float' ? Math.abs(value.float) : native.hypot(value.re, value.im);
  return { kind: 'float', float };
}

/** `a - b`. */
export function difference(a: NumberValue, b: NumberValue): NumberValue {
  if (a.kind === 'int' && b.kind === 'int') return { kind: 'int', int: a.int - b.int };
  const re = realPart(a) - realPart(b);
  if (a.kind !== 'complex' && b.kind !== 'complex') return { kind: 'float', float: re };
  return { kind: 'complex', re, im: imagPart(a) - imagPart(b) };
}

/** `a == b`. */
export function isEqual(a: NumberValue, b: NumberValue): boolean {
  if (a.kind === 'int' && b.kind === 'int') return a.int === b.int;
  return realPart(a) === realPart(b) && imagPart(a) === imagPart(b);
}

/** Whether a part of the number is NaN. */
export function isNan(value: NumberValue): boolean {
  return Number.isNaN(realPart(value)) || Number.isNaN(imagPart(value));
}

/** A magnitude as a double. */
export function toDouble(value: NumberValue): number {
  return realPart(value);
}
