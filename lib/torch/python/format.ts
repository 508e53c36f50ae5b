/** `format(value, spec)` of numbers: Python's little language `[[fill]align][sign][z][#][0][width][,_][.precision][type]`. */
import { ValueError } from '../native';
import { fixed, floatRepr, general, scientific } from '../core';
import { isInt, type Real, toBigInt, toDouble } from './real';

const SPEC = /^(?:(.)?([<>=^]))?([-+ ]?)(z?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([^.]?)$/su;
/** What of a text comes before the separator. */
const HEAD = /^(?:.?[<>=^])?[-+ ]?z?#?\d*/su;
const MAX_PRECISION = 2147483647;
const MAX_CODE_POINT = 0x10ffff;

interface Spec {
  fill: string;
  align: string;
  sign: string;
  z: boolean;
  alternate: boolean;
  width: number;
  separator: string;
  precision: number | undefined;
  type: string;
}

function kindOf(value: Real): string {
  if (typeof value === 'boolean') return 'bool';
  return isInt(value) ? 'int' : 'float';
}

/** Python's reason against a text that is no specifier. */
function whyInvalid(text: string, value: Real): string {
  const rest = text.replace(HEAD, '');
  if (/^(,_|_,)/.test(rest)) return "Cannot specify both ',' and '_'.";
  if (/^[,_]?\.(?!\d)/.test(rest)) return 'Format specifier missing precision';
  return `Invalid format specifier '${text}' for object of type '${kindOf(value)}'`;
}

function parse(text: string, value: Real): Spec {
  const match = SPEC.exec(text);
  if (match === null || /,_$|_,$/.test(text)) throw new ValueError(whyInvalid(text, value));
  const [, fill, align, sign, z, alternate, zero, width, separator, precision, type] = match;
  return {
    fill: fill ?? (zero === '' ? ' ' : '0'),
    align: align ?? (zero === '' ? '>' : '='),
    sign: sign ?? '',
    z: z !== '',
    alternate: alternate !== '',
    width: Number(width),
    separator: separator ?? '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
}

const bases: Readonly<Record<string, [number, string]>> = { b: [2, '0b'], o: [8, '0o'], x: [16, '0x'], X: [16, '0X'] };

/** The character of an int, which has neither sign nor other forms. */
function character(value: bigint, { sign, alternate }: Spec): string {
  if (sign !== '') throw new ValueError("Sign not allowed with integer format specifier 'c'");
  if (alternate) throw new ValueError("Alternate form (#) not allowed with integer format specifier 'c'");
  if (value < 0n || value > MAX_CODE_POINT) throw new RangeError('%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(value));
}

/** The digits of an int without its sign, and what stands before them. */
function intDigits(value: bigint, spec: Spec): [string, string] {
  const { type, precision, alternate, z } = spec;
  if (precision !== undefined) throw new ValueError('Precision not allowed in integer format specifier');
  if (z) throw new ValueError('Negative zero coercion (z) not allowed in integer format specifier');
  if (type === 'c') return [character(value, spec), ''];
  const size = value < 0n ? -value : value;
  const base = bases[type];
  if (base === undefined) return [String(size), ''];
  const digits = size.toString(base[0]);
  return [type === 'X' ? digits.toUpperCase() : digits, alternate ? base[1] : ''];
}

/** `g` that keeps trailing zeros: as many digits as asked for. */
function generalKept(size: number, precision: number): string {
  const power = Number(scientific(size, precision - 1).split('e')[1]);
  return power < -4 || power >= precision ? scientific(size, precision - 1) : fixed(size, precision - 1 - power);
}

/** What no type means for floats: as `g`, but with at least one decimal, and `repr` without a precision. */
function plain(size: number, precision: number | undefined, alternate: boolean): string {
  if (precision === undefined) return floatRepr(size);
  const digits = Math.max(precision, 1);
  const power = Number(scientific(size, digits - 1).split('e')[1]);
  if (alternate) {
    return power < -4 || power >= digits - 1 ? scientific(size, digits - 1) : fixed(size, digits - 1 - power);
  }
  if (power === digits - 1) return scientificTrimmed(size, digits);
  const text = general(size, digits);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function scientificTrimmed(size: number, digits: number): string {
  const text = scientific(size, digits - 1);
  return text.includes('.') ? text.replace(/\.?0*e/, 'e') : text;
}

/** A dot in front of the exponent or at the end, where there is none. */
function dotted(text: string): string {
  return text.includes('.') ? text : text.replace(/^\d+/, '$&.');
}

/** The digits of a float without its sign. */
function floatDigits(size: number, { type, precision, alternate }: Spec): string {
  if (!Number.isFinite(size)) {
    const name = Number.isNaN(size) ? 'nan' : 'inf';
    return (/[EFG]/.test(type) ? name.toUpperCase() : name) + (type === '%' ? '%' : '');
  }
  const digits = precision ?? 6;
  const lower = type.toLowerCase();
  let text: string;
  if (lower === 'f') text = fixed(size, digits);
  else if (lower === 'e') text = scientific(size, digits);
  else if (lower === 'g' || lower === 'n') {
    text = alternate ? generalKept(size, Math.max(digits, 1)) : general(size, Math.max(digits, 1));
  } else if (type === '%') text = fixed(size * 100, digits);
  else text = plain(size, precision, alternate);
  if (alternate) text = dotted(text);
  return (/[EFG]/.test(type) ? text.toUpperCase() : text) + (type === '%' ? '%' : '');
}

function grouped(whole: string, separator: string, every: number): string {
  return separator === '' ? whole : whole.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${every}})+$)`, 'g'), separator);
}

/** Digits with separators, filled with zeros to `width` where these count as digits too. */
function withSeparators(digits: string, spec: Spec, taken: number): string {
  const isInt = spec.type in bases;
  const at = isInt ? -1 : digits.search(/[^0-9]/);
  const whole = at < 0 ? digits : digits.slice(0, at);
  const rest = at < 0 ? '' : digits.slice(at);
  const every = isInt ? 4 : 3;
  if (whole === '') return digits;
  if (spec.separator === '' || spec.fill !== '0' || spec.align !== '=')
    return grouped(whole, spec.separator, every) + rest;
  const room = spec.width - taken - rest.length;
  let padded = whole;
  // A separator never comes first, so the text may be one longer than the room.
  while (grouped(padded, spec.separator, every).length < room) padded = `0${padded}`;
  return grouped(padded, spec.separator, every) + rest;
}

/**
 * `format(value, spec)`, and what stands after the colon in an f-string. A whole number is an int; where the spec asks for digits
 * that only floats have (`.3`, `f`, `e`, `g`, `%`), it is read as a float.
 *
 * @example
 * format(0.125, '.2f'); // 0.12
 * format(1234567.891, ',.1f'); // 1,234,567.9
 * format(3, '05d'); // 00003
 *
 * @throws ValueError "Unknown format code 'd' for object of type 'float'"; "Invalid format specifier"; RangeError (Python:
 * OverflowError) for a number that is no character
 */
export function format(value: Real, spec = ''): string {
  if (typeof value === 'boolean' && spec === '') return value ? 'True' : 'False';
  const parsed = parse(spec, value);
  const { type, sign, width, precision, separator } = parsed;
  if (separator !== '' && !(separator === '_' ? /^[bdoxXeEfFgG%]?$/ : /^[deEfFgG%]?$/).test(type)) {
    throw new ValueError(`Cannot specify '${separator}' with '${type}'.`);
  }
  const asInt =
    isInt(value) && /^[bcdoxXn]?$/.test(type) && !(type === '' && precision !== undefined && typeof value === 'number');
  if (!asInt && !/^[eEfFgGn%]?$/.test(type)) {
    throw new ValueError(`Unknown format code '${type}' for object of type '${kindOf(value)}'`);
  }
  if (!asInt && (precision ?? 0) > MAX_PRECISION) throw new ValueError('precision too big');
  let digits: string;
  let prefix = '';
  let isNegative: boolean;
  if (asInt) {
    const int = toBigInt(value);
    isNegative = int < 0n;
    [digits, prefix] = intDigits(int, parsed);
  } else {
    const float = toDouble(value);
    isNegative = float < 0 || Object.is(float, -0);
    digits = floatDigits(Math.abs(float), parsed);
    if (parsed.z && isNegative && !/[1-9a-zA-Z]/.test(digits.replace(/e.*/i, ''))) isNegative = false;
  }
  const before = (isNegative ? '-' : sign === '-' ? '' : sign) + prefix;
  const text = withSeparators(digits, parsed, before.length);
  const missing = Math.max(0, width - before.length - (type === 'c' ? 1 : text.length));
  const fill = parsed.fill.repeat(missing);
  if (parsed.align === '<') return before + text + fill;
  if (parsed.align === '=') return before + fill + text;
  if (parsed.align === '>') return fill + before + text;
  return parsed.fill.repeat(missing >> 1) + before + text + parsed.fill.repeat(missing - (missing >> 1));
}
