/** Instructions of Python's pickle format, protocols 0 to 5. @see https://docs.python.org/3/library/pickletools.html */
import { fault } from '../source';
import type { PickleReader } from './reader';

/** Name of an instruction, as Python's module `pickletools` has it. */
export type OpName =
  | `${'MARK' | 'STOP' | 'POP' | 'POP_MARK' | 'DUP' | 'NONE' | 'NEWTRUE' | 'NEWFALSE' | 'REDUCE' | 'BUILD' | 'NEWOBJ'}`
  | `${'APPEND' | 'APPENDS' | 'SETITEM' | 'SETITEMS' | 'ADDITEMS' | 'MEMOIZE' | 'STACK_GLOBAL' | 'NEWOBJ_EX'}`
  | `${'EMPTY_LIST' | 'EMPTY_DICT' | 'EMPTY_TUPLE' | 'EMPTY_SET' | 'LIST' | 'DICT' | 'TUPLE' | 'FROZENSET'}`
  | `${'TUPLE1' | 'TUPLE2' | 'TUPLE3' | 'BINPERSID' | 'NEXT_BUFFER' | 'READONLY_BUFFER' | 'OBJ'}`
  | `${'INT' | 'LONG' | 'BININT' | 'BININT1' | 'BININT2' | 'LONG1' | 'LONG4' | 'FLOAT' | 'BINFLOAT'}`
  | `${'STRING' | 'BINSTRING' | 'SHORT_BINSTRING' | 'UNICODE' | 'BINUNICODE' | 'SHORT_BINUNICODE' | 'BINUNICODE8'}`
  | `${'BINBYTES' | 'SHORT_BINBYTES' | 'BINBYTES8' | 'BYTEARRAY8'}`
  | `${'PERSID' | 'GLOBAL' | 'INST' | 'GET' | 'BINGET' | 'LONG_BINGET' | 'PUT' | 'BINPUT' | 'LONG_BINPUT'}`
  | `${'PROTO' | 'FRAME' | 'EXT1' | 'EXT2' | 'EXT4'}`;

/** What follows an instruction's byte. */
type Argument = (reader: PickleReader) => unknown;

const none: Argument = () => undefined;
const u1: Argument = (reader) => reader.unsigned(1);
const u2: Argument = (reader) => reader.unsigned(2);
const u4: Argument = (reader) => reader.unsigned(4);
const line: Argument = (reader) => reader.line();
const lines: Argument = (reader) => [reader.line(), reader.line()];
/** Bytes after their number, which takes `width` bytes. */
const counted =
  (width: 1 | 4 | 8): Argument =>
  (reader) =>
    reader.take(reader.unsigned(width));
const text =
  (width: 1 | 4 | 8): Argument =>
  (reader) =>
    utf8(reader.take(reader.unsigned(width)));

/** Text that Python allows halves of surrogate pairs in, which JavaScript's strings can hold, too. */
function utf8(bytes: Buffer): string {
  const plain = bytes.toString('utf8');
  if (!plain.includes('\ufffd')) return plain;
  return bytes
    .toString('latin1')
    .replace(
      /\xed([\xa0-\xbf])([\x80-\xbf])|[\s\S]+?(?=\xed[\xa0-\xbf][\x80-\xbf]|$)/g,
      (part, high?: string, low?: string) =>
        high === undefined || low === undefined
          ? Buffer.from(part, 'latin1').toString('utf8')
          : String.fromCharCode(0xd000 | ((high.charCodeAt(0) & 0x3f) << 6) | (low.charCodeAt(0) & 0x3f)),
    );
}

const OPCODES: Readonly<Record<string, readonly [OpName, Argument]>> = {
  '(': ['MARK', none],
  '.': ['STOP', none],
  '0': ['POP', none],
  '1': ['POP_MARK', none],
  '2': ['DUP', none],
  F: ['FLOAT', line],
  I: ['INT', line],
  J: ['BININT', (reader) => reader.take(4).readInt32LE(0)],
  K: ['BININT1', u1],
  L: ['LONG', line],
  M: ['BININT2', u2],
  N: ['NONE', none],
  P: ['PERSID', line],
  Q: ['BINPERSID', none],
  R: ['REDUCE', none],
  S: ['STRING', line],
  T: ['BINSTRING', counted(4)],
  U: ['SHORT_BINSTRING', counted(1)],
  V: ['UNICODE', line],
  X: ['BINUNICODE', text(4)],
  a: ['APPEND', none],
  b: ['BUILD', none],
  c: ['GLOBAL', lines],
  d: ['DICT', none],
  '}': ['EMPTY_DICT', none],
  e: ['APPENDS', none],
  g: ['GET', line],
  h: ['BINGET', u1],
  i: ['INST', lines],
  j: ['LONG_BINGET', u4],
  l: ['LIST', none],
  ']': ['EMPTY_LIST', none],
  o: ['OBJ', none],
  p: ['PUT', line],
  q: ['BINPUT', u1],
  r: ['LONG_BINPUT', u4],
  s: ['SETITEM', none],
  t: ['TUPLE', none],
  ')': ['EMPTY_TUPLE', none],
  u: ['SETITEMS', none],
  G: ['BINFLOAT', (reader) => reader.take(8).readDoubleBE(0)],
  '\x80': ['PROTO', u1],
  '\x81': ['NEWOBJ', none],
  '\x82': ['EXT1', u1],
  '\x83': ['EXT2', u2],
  '\x84': ['EXT4', u4],
  '\x85': ['TUPLE1', none],
  '\x86': ['TUPLE2', none],
  '\x87': ['TUPLE3', none],
  '\x88': ['NEWTRUE', none],
  '\x89': ['NEWFALSE', none],
  '\x8a': ['LONG1', counted(1)],
  '\x8b': ['LONG4', counted(4)],
  B: ['BINBYTES', counted(4)],
  C: ['SHORT_BINBYTES', counted(1)],
  '\x8c': ['SHORT_BINUNICODE', text(1)],
  '\x8d': ['BINUNICODE8', text(8)],
  '\x8e': ['BINBYTES8', counted(8)],
  '\x8f': ['EMPTY_SET', none],
  '\x90': ['ADDITEMS', none],
  '\x91': ['FROZENSET', none],
  '\x92': ['NEWOBJ_EX', none],
  '\x93': ['STACK_GLOBAL', none],
  '\x94': ['MEMOIZE', none],
  '\x95': ['FRAME', (reader) => reader.unsigned(8)],
  '\x96': ['BYTEARRAY8', counted(8)],
  '\x97': ['NEXT_BUFFER', none],
  '\x98': ['READONLY_BUFFER', none],
};

const byCode = new Map(Object.entries(OPCODES).map(([letter, op]) => [letter.charCodeAt(0), op]));

/** An instruction and its argument. */
export interface Instruction {
  readonly op: OpName;
  readonly argument: unknown;
}

/** The next instruction. @throws ValueError naming the byte that is none */
export function nextInstruction(reader: PickleReader): Instruction {
  const place = reader.position;
  const code = reader.unsigned(1);
  const found = byCode.get(code);
  if (found === undefined) throw fault(`byte ${place} of its pickle, ${code}, is no instruction`);
  return { op: found[0], argument: found[1](reader) };
}
