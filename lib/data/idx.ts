/** The IDX file format of the MNIST database: a magic number, sizes, then big-endian elements. */
import { readFileSync } from 'node:fs';
import { Size, ValueError } from 'isotorch';

/** Element arrays an IDX file can hold. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The contents of an IDX file: `data` is row-major. */
export interface Idx {
  shape: number[];
  data: IdxData;
}

/** Array class by the third byte of the magic number. */
const elementTypes = new Map<number, new (buffer: ArrayBuffer) => IdxData>([
  [0x08, Uint8Array],
  [0x09, Int8Array],
  [0x0b, Int16Array],
  [0x0c, Int32Array],
  [0x0d, Float32Array],
  [0x0e, Float64Array],
]);

/**
 * Reads the bytes of an IDX file: two zero bytes, a type byte, the number of dimensions, one big-endian
 * uint32 per dimension, then the elements. `name` stands in the messages.
 *
 * @throws ValueError naming the first thing that is wrong: magic number, type, or a length that does not fit.
 */
export function parseIdx(bytes: Uint8Array, name = 'data'): Idx {
  const fail = (reason: string) => new ValueError(`${name} is not a usable IDX file: ${reason}`);
  if (bytes.length < 4) throw fail(`it has ${bytes.length} bytes, fewer than the 4 of the magic number`);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw fail('it is compressed with gzip; unpack it first');
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw fail('its magic number does not start with two zero bytes');
  }
  const type = bytes[2]!;
  const ElementArray = elementTypes.get(type);
  if (ElementArray === undefined) throw fail(`element type 0x${type.toString(16)} does not exist`);

  const ndim = bytes[3]!;
  const header = 4 + 4 * ndim;
  if (ndim === 0) throw fail('it has no dimensions');
  if (bytes.length < header) throw fail(`it ends within its header of ${header} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: ndim }, (_, d) => view.getUint32(4 + 4 * d));
  const count = new Size(shape).numel();

  // A copy, to be swapped and aligned; a Buffer's own slice() would be a view.
  const swapped = new Uint8Array(bytes.subarray(header));
  const itemsize = new ElementArray(new ArrayBuffer(0)).BYTES_PER_ELEMENT;
  if (swapped.length !== count * itemsize) {
    throw fail(`its sizes ${shape.join('×')} need ${count * itemsize} bytes of data, and it has ${swapped.length}`);
  }
  const swap = Buffer.from(swapped.buffer);
  if (itemsize === 2) swap.swap16();
  else if (itemsize === 4) swap.swap32();
  else if (itemsize === 8) swap.swap64();
  return { shape, data: new ElementArray(swapped.buffer) };
}

/** Reads an IDX file. @throws ValueError when it is missing or malformed. */
export function readIdx(path: string): Idx {
  // Node would take a number for an open file: 0 waits for what is typed.
  if (typeof path !== 'string') throw new TypeError(`readIdx(): argument 'path' must be a string, not ${typeof path}`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ValueError(`cannot read the IDX file ${path}: ${(cause as Error).message}`);
  }
  return parseIdx(bytes, path);
}
