/** JSON of a program's file, read with checks: each error says where in the file. */
import { fail } from './fault';

/** Before the digits of a whole number that a double would round; no field of a program has such a text. */
const BIG = '\ue000int:';

/** Strings and numbers; only whole numbers of many digits are replaced. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

const LONG = /^-?\d{16,}$/;

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The value of a JSON text.
 * @throws Fault for what is no JSON in UTF-8
 */
export function parseJson(bytes: Uint8Array, at: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    fail(at, 'it is not UTF-8');
  }
  try {
    return JSON.parse(
      /\d{16}/.test(text)
        ? text.replace(STRING_OR_NUMBER, (part) => (LONG.test(part) ? `"${BIG}${part}"` : part))
        : text,
    );
  } catch (error) {
    fail(at, `it is not JSON: ${(error as Error).message.replaceAll(BIG, '')}`);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? String(value);
  return `${text.length > 60 ? `${text.slice(0, 60)}…` : text}`.replaceAll(BIG, '');
}

/** `value` as an object. */
export function object(value: unknown, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(at, `expected an object, found ${shown(value)}`);
  return value as JsonObject;
}

/** `value` as a list whose items `read` takes. */
export function list<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): T[] {
  if (!Array.isArray(value)) fail(at, `expected a list, found ${shown(value)}`);
  return value.map((item, i) => read(item, `${at}[${i}]`));
}

/** `value` as a map whose values `read` takes. */
export function map<T>(value: unknown, at: string, read: (item: unknown, at: string) => T): Map<string, T> {
  return new Map(Object.entries(object(value, at)).map(([key, item]) => [key, read(item, `${at}.${key}`)]));
}

/** `value` as a text. */
export function text(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.startsWith(BIG)) fail(at, `expected a text, found ${shown(value)}`);
  return value;
}

/** `value` as true or false. */
export function flag(value: unknown, at: string): boolean {
  if (typeof value !== 'boolean') fail(at, `expected true or false, found ${shown(value)}`);
  return value;
}

/** `value` as a whole number of 64 bits. */
export function whole(value: unknown, at: string): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string' && value.startsWith(BIG)) {
    const number = BigInt(value.slice(BIG.length));
    if (number === BigInt.asIntN(64, number)) return Number.isSafeInteger(Number(number)) ? Number(number) : number;
  }
  fail(at, `expected an int, found ${shown(value)}`);
}

/** `value` as a size, stride or offset. */
export function size(value: unknown, at: string): number {
  const found = whole(value, at);
  if (typeof found !== 'number' || found < 0) fail(at, `expected a size, found ${found}`);
  return found;
}

/** `value` as a floating-point number; infinities and NaN are texts. */
export function float(value: unknown, at: string): number {
  if (typeof value === 'number') return value;
  if (value === 'Infinity' || value === '-Infinity' || value === 'NaN') return Number(value);
  if (typeof value === 'string' && value.startsWith(BIG)) return Number(value.slice(BIG.length));
  fail(at, `expected a float, found ${shown(value)}`);
}

/** `value` by `read`; null where it is null or missing. */
export function optional<T>(value: unknown, at: string, read: (value: unknown, at: string) => T): T | null {
  return value === undefined || value === null ? null : read(value, at);
}

/** Kind and value of a union: an object with one key. */
export function union(value: unknown, at: string): readonly [kind: string, value: unknown, at: string] {
  const keys = Object.entries(object(value, at)).filter(([, held]) => held !== null);
  const [only] = keys;
  if (only === undefined || keys.length > 1) fail(at, `expected an object of one key, found ${shown(value)}`);
  return [only[0], only[1], `${at}.${only[0]}`];
}
