/** Bytes of a pickle, one after the other, from a file of which only the beginning may be a pickle. */
import { fault, type Source } from '../source';

/** Bytes read ahead. */
const AHEAD = 2 ** 16;

/** Longest line: numbers and names of protocol 0. */
const LONGEST_LINE = 2 ** 20;

/** Reads on from a position. */
export class PickleReader {
  readonly #source: Source;
  #buffer: Buffer = Buffer.alloc(0);
  /** Position in the file of the buffer's first byte. */
  #start: number;
  #at = 0;

  constructor(source: Source, position = 0) {
    this.#source = source;
    this.#start = position;
  }

  /** Position of the next byte. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** Goes on at another position. */
  skipTo(position: number): void {
    this.#start = position;
    this.#buffer = Buffer.alloc(0);
    this.#at = 0;
  }

  /** The next bytes. @throws ValueError where there are fewer */
  take(length: number): Buffer {
    if (this.#at + length > this.#buffer.length) this.#refill(length);
    const bytes = this.#buffer.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  /** A number of so many bytes, the least first. */
  unsigned(width: 1 | 2 | 4 | 8): number {
    const bytes = this.take(width);
    if (width < 8) return bytes.readUIntLE(0, width);
    const value = bytes.readBigUInt64LE(0);
    if (value > BigInt(this.#source.size)) throw fault(`its pickle wants ${value} bytes, more than there are`);
    return Number(value);
  }

  /** A text up to the end of its line. */
  line(): string {
    for (let length = 256; ; length *= 4) {
      const left = this.#source.size - this.position;
      const bytes = this.take(Math.min(length, left));
      this.#at -= bytes.length;
      const end = bytes.indexOf(0x0a);
      if (end >= 0) {
        this.#at += end + 1;
        return bytes.toString('utf8', 0, end);
      }
      if (length >= left || length > LONGEST_LINE)
        throw fault(`a line of its pickle, at byte ${this.position}, has no end`);
    }
  }

  #refill(length: number): void {
    const position = this.position;
    const left = this.#source.size - position;
    if (length > left) throw fault(`its pickle is cut short: ${length} bytes are missing at byte ${position}`);
    const bytes = this.#source.read(position, Math.min(left, Math.max(length, AHEAD)));
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = position;
    this.#at = 0;
  }
}
