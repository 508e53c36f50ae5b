/** Writes pickles of protocol 2, with the instructions that Python's torch.load(weights_only=True) runs. */
import { isIndex } from './keys';

/** Bytes that grow. */
class Bytes {
  #buffer = Buffer.alloc(4096);
  #length = 0;

  reserve(more: number): { buffer: Buffer; at: number } {
    const at = this.#length;
    if (at + more > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#buffer.length, at + more));
      this.#buffer.copy(larger);
      this.#buffer = larger;
    }
    this.#length += more;
    return { buffer: this.#buffer, at };
  }

  get whole(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}

/** Items set or appended by one instruction, as Python's pickler does. */
const BATCH = 1000;

/** The instructions, with Python's names in lower case. */
export class PickleWriter {
  readonly #bytes = new Bytes();
  readonly #memo = new Map<unknown, number>();

  constructor() {
    this.#op(0x80, 2);
  }

  /** The pickle, after its last value. */
  end(): Uint8Array {
    this.#op(0x2e);
    return this.#bytes.whole;
  }

  #op(...codes: number[]): void {
    const { buffer, at } = this.#bytes.reserve(codes.length);
    codes.forEach((code, i) => {
      buffer[at + i] = code;
    });
  }

  /** Recalls what was remembered by this key; false where nothing was. */
  recall(key: unknown): boolean {
    const place = this.#memo.get(key);
    if (place === undefined) return false;
    this.#placed(0x68, 0x6a, place);
    return true;
  }

  /** Remembers the value on top by a key. */
  remember(key: unknown): void {
    const place = this.#memo.size;
    this.#memo.set(key, place);
    this.#placed(0x71, 0x72, place);
  }

  #placed(short: number, long: number, place: number): void {
    if (place < 256) {
      this.#op(short, place);
      return;
    }
    const { buffer, at } = this.#bytes.reserve(5);
    buffer[at] = long;
    buffer.writeUInt32LE(place, at + 1);
  }

  none(): void {
    this.#op(0x4e);
  }

  bool(value: boolean): void {
    this.#op(value ? 0x88 : 0x89);
  }

  /** An int: the shortest instruction that has it. */
  int(value: number | bigint): void {
    if (value >= 0 && value < 256) {
      this.#op(0x4b, Number(value));
    } else if (value >= 0 && value < 65536) {
      this.#op(0x4d, Number(value) & 0xff, Number(value) >> 8);
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      const { buffer, at } = this.#bytes.reserve(5);
      buffer[at] = 0x4a;
      buffer.writeInt32LE(Number(value), at + 1);
    } else {
      this.#long(BigInt(value));
    }
  }

  #long(value: bigint): void {
    let size = 8;
    while (BigInt.asIntN(8 * size, value) !== value) size *= 2;
    const hex = BigInt.asUintN(8 * size, value)
      .toString(16)
      .padStart(2 * size, '0');
    const bytes = Buffer.from(hex, 'hex').reverse();
    // As short as two's complement allows, as Python writes it.
    const filler = value < 0n ? 0xff : 0;
    let length = size;
    while (length > 1 && bytes[length - 1] === filler && (bytes[length - 2]! ^ filler) < 0x80) length--;
    if (length > 255) throw new RangeError('an int of more than 255 bytes is more than torch.load reads');
    this.#op(0x8a, length, ...bytes.subarray(0, length));
  }

  float(value: number): void {
    const { buffer, at } = this.#bytes.reserve(9);
    buffer[at] = 0x47;
    buffer.writeDoubleBE(value, at + 1);
  }

  /** A text, remembered by its value. */
  text(value: string): void {
    if (this.recall(value)) return;
    const encoded = encode(value);
    const { buffer, at } = this.#bytes.reserve(5 + encoded.length);
    buffer[at] = 0x58;
    buffer.writeUInt32LE(encoded.length, at + 1);
    encoded.copy(buffer, at + 5);
    this.remember(value);
  }

  /** A class or function by its place, remembered by it. */
  global(module: string, name: string): void {
    const key = `\0${module}\n${name}`;
    if (this.recall(key)) return;
    const line = Buffer.from(`c${module}\n${name}\n`);
    const { buffer, at } = this.#bytes.reserve(line.length);
    line.copy(buffer, at);
    this.remember(key);
  }

  reduce(): void {
    this.#op(0x52);
  }

  build(): void {
    this.#op(0x62);
  }

  persistent(): void {
    this.#op(0x51);
  }

  emptyList(): void {
    this.#op(0x5d);
  }

  emptyDict(): void {
    this.#op(0x7d);
  }

  /** A tuple of values that `each` writes. */
  tuple<T>(items: readonly T[], each: (item: T) => void): void {
    if (items.length > 3) this.#op(0x28);
    for (const item of items) each(item);
    this.#op(items.length > 3 ? 0x74 : [0x29, 0x85, 0x86, 0x87][items.length]!);
  }

  /** Appends values to the list on top. */
  appends<T>(items: readonly T[], each: (item: T, index: number) => void): void {
    this.#batches(items, each, 0x61, 0x65);
  }

  /** Sets items of the dict on top; `each` writes a key and its value. */
  setItems<T>(items: readonly T[], each: (item: T, index: number) => void): void {
    this.#batches(items, each, 0x73, 0x75);
  }

  #batches<T>(items: readonly T[], each: (item: T, index: number) => void, one: number, many: number): void {
    for (let start = 0; start < items.length; start += BATCH) {
      const batch = items.slice(start, start + BATCH);
      if (batch.length > 1) this.#op(0x28);
      for (const [i, item] of batch.entries()) each(item, start + i);
      this.#op(batch.length > 1 ? many : one);
    }
  }

  /** The key of an object's name. */
  key(name: string, ints: boolean): void {
    if (ints && isIndex(name)) this.int(Number(name));
    else this.text(name);
  }
}

/** UTF-8, with halves of surrogate pairs as Python's `surrogatepass` writes them. */
function encode(value: string): Buffer {
  if (!/\p{Surrogate}/u.test(value)) return Buffer.from(value);
  const parts = Array.from(value, (letter) => {
    const code = letter.codePointAt(0)!;
    if (code < 0xd800 || code > 0xdfff) return Buffer.from(letter);
    return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
  });
  return Buffer.concat(parts);
}
