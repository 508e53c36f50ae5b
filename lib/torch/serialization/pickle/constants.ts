/** Instructions that make a value of their argument alone. */
import { Float } from '../../core';
import { fault } from '../source';
import type { OpName } from './opcodes';
import { PyByteArray, PyDict, PyList, PySet, PyTuple } from './values';

/** Most digits of an int that is written in decimals, as in Python. */
const MOST_DIGITS = 4300;

/** A number that is an int in Python. */
function int(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A number that is a float in Python; marked where JavaScript would not tell. */
function float(value: number): number | Float {
  return Number.isInteger(value) && !Object.is(value, -0) ? new Float(value) : value;
}

/** An int of little-endian bytes in two's complement. */
function longOf(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  const value = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  return int((bytes.at(-1)! & 0x80) === 0 ? value : value - (1n << BigInt(8 * bytes.length)));
}

function decimal(text: string): number | bigint {
  const digits = text.trim().replace(/L$/, '');
  if (!/^[+-]?\d+$/.test(digits) || digits.length > MOST_DIGITS) {
    throw fault(`its pickle has ${JSON.stringify(text.slice(0, 40))} for an int`);
  }
  return int(BigInt(digits.replace('+', '')));
}

/** Text of Python 2, which has bytes where they are no UTF-8. */
function oldText(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? Uint8Array.from(bytes) : text;
}

/** `'a\x00b'` of protocol 0. */
function quotedText(line: string): string | Uint8Array {
  const inner = /^(['"])([\s\S]*)\1$/.exec(line.trim())?.[2];
  if (inner === undefined) throw fault('its pickle has a string without quotes');
  const named: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };
  const plain = inner.replace(/\\(x([0-9a-fA-F]{2})|[0-7]{1,3}|[\s\S])/g, (_, sequence: string, hex?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8) & 0xff);
    return named[sequence] ?? sequence;
  });
  return oldText(Buffer.from(plain, 'latin1'));
}

/** `raw-unicode-escape` of protocol 0. */
function escapedText(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (sequence: string, short?: string, long?: string) => {
    const code = Number.parseInt((short ?? long)!, 16);
    return code > 0x10ffff ? sequence : String.fromCodePoint(code);
  });
}

/** What an instruction makes of its argument alone; undefined for those that do something else. */
export function constantOf(op: OpName, argument: unknown): { value: unknown } | undefined {
  switch (op) {
    case 'NONE':
      return { value: null };
    case 'NEWTRUE':
    case 'NEWFALSE':
      return { value: op === 'NEWTRUE' };
    case 'BININT':
    case 'BININT1':
    case 'BININT2':
    case 'BINUNICODE':
    case 'SHORT_BINUNICODE':
    case 'BINUNICODE8':
      return { value: argument };
    case 'BINFLOAT':
      return { value: float(argument as number) };
    case 'LONG1':
    case 'LONG4':
      return { value: longOf(argument as Buffer) };
    case 'INT':
      return { value: /^0[01]$/.test(argument as string) ? argument === '01' : decimal(argument as string) };
    case 'LONG':
      return { value: decimal(argument as string) };
    case 'FLOAT':
      return { value: float(Number((argument as string).replace(/inf$/, 'Infinity'))) };
    case 'STRING':
      return { value: quotedText(argument as string) };
    case 'UNICODE':
      return { value: escapedText(argument as string) };
    case 'BINSTRING':
    case 'SHORT_BINSTRING':
      return { value: oldText(argument as Buffer) };
    case 'BINBYTES':
    case 'SHORT_BINBYTES':
    case 'BINBYTES8':
      return { value: Uint8Array.from(argument as Buffer) };
    case 'BYTEARRAY8':
      return { value: new PyByteArray(Uint8Array.from(argument as Buffer)) };
    case 'EMPTY_LIST':
      return { value: new PyList() };
    case 'EMPTY_DICT':
      return { value: new PyDict('dict') };
    case 'EMPTY_TUPLE':
      return { value: new PyTuple([]) };
    case 'EMPTY_SET':
      return { value: new PySet() };
    default:
      return undefined;
  }
}
