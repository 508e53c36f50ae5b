/** The header of a .npy file: a dict of Python in text. @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import { tupleText } from '../../core';
import { fault, type Source } from '../source';
import type { ArrayLayout } from './array';
import { elementType } from './descr';

/** What such a file begins with. */
const MAGIC = '\x93NUMPY';

/** Longest header that is read, as in NumPy. */
const LONGEST = 10_000;

/** Multiple of bytes at which elements begin. */
const ALIGNMENT = 64;

/** Digits of the length that may grow when rows are appended: NumPy leaves room for them. */
const DIGITS = 21;

/** Most dimensions of an array of NumPy. */
const MOST_DIMENSIONS = 64;

/** An array's layout, and where its elements begin. */
export interface Start extends ArrayLayout {
  readonly start: number;
}

/** The three items of a header's dict. */
const ITEM = {
  descr: /(['"])descr\1\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[[\s\S]*\])|(\{[\s\S]*?\}))\s*,?/,
  fortran_order: /(['"])fortran_order\1\s*:\s*(True|False)\s*,?/,
  shape: /(['"])shape\1\s*:\s*\(([\d\s,L]*)\)\s*,?/,
};

function parse(text: string): { descr: string; fortran: boolean; shape: number[] } {
  let rest = text.trim();
  const item = (name: keyof typeof ITEM): RegExpExecArray => {
    const found = ITEM[name].exec(rest);
    if (found === null) throw fault(`its header has no ${name}: ${JSON.stringify(text.slice(0, 80))}`);
    rest = rest.replace(found[0], '');
    return found;
  };
  const [, , single, double] = item('descr');
  const descr = single ?? double;
  if (descr === undefined) throw fault('its elements are records, which no tensor has');
  const fortran = item('fortran_order')[2] === 'True';
  const sizes = item('shape')[2]!
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''));
  if (!/^\{\s*\}$/.test(rest)) throw fault(`its header is damaged: ${JSON.stringify(text.slice(0, 80))}`);
  // A comma stands after the last size, too.
  if (sizes.at(-1) === '') sizes.pop();
  const shape = sizes.map(Number);
  if (sizes.includes('') || !shape.every(Number.isSafeInteger) || shape.length > MOST_DIMENSIONS) {
    throw fault(`its header has the shape (${sizes.join(', ')})`);
  }
  return { descr, fortran, shape };
}

/** Reads the header of a file, whose elements have to be there. */
export function readHeader(source: Source): Start {
  const head = Buffer.from(source.read(0, Math.min(12, source.size)));
  if (head.toString('latin1', 0, 6) !== MAGIC) throw fault('it is no .npy file: it does not begin as one');
  const version = head[6]!;
  if (head.length < 12 || version < 1 || version > 3)
    throw fault(`it is a .npy file of version ${version}, and 1 to 3 are read`);
  const [length, start] = version === 1 ? [head.readUInt16LE(8), 10] : [head.readUInt32LE(8), 12];
  if (length > LONGEST) throw fault(`its header has ${length} bytes, and ${LONGEST} are the most that are read`);
  const text = Buffer.from(source.read(start, length)).toString(version === 3 ? 'utf8' : 'latin1');
  const { descr, fortran, shape } = parse(text);
  const layout: Start = { ...elementType(descr), fortran, shape, start: start + length };
  const elements = shape.reduce((product, size) => product * BigInt(size), BigInt(layout.dtype.itemsize));
  const there = source.size - layout.start;
  if (elements > BigInt(there)) {
    throw fault(`an array of shape ${tupleText(shape)} and ${layout.dtype} needs ${elements} bytes, and has ${there}`);
  }
  return layout;
}

/** The header of an array, as NumPy writes it. */
export function headerOf(
  descr: string,
  { fortran, shape }: { fortran: boolean; shape: readonly number[] },
): Uint8Array {
  const grows = fortran ? shape.at(-1) : shape[0];
  const room = grows === undefined ? '' : ' '.repeat(Math.max(0, DIGITS - String(grows).length));
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tupleText(shape)}, }${room}`;
  const begin = 10;
  const padding = ALIGNMENT - ((begin + text.length + 1) % ALIGNMENT);
  const header = `${text}${' '.repeat(padding)}\n`;
  const bytes = Buffer.alloc(begin + header.length);
  bytes.write(MAGIC, 'latin1');
  bytes[6] = 1;
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, begin, 'latin1');
  return bytes;
}
