/**
 * Writing zip archives as PyTorch's own writer does, byte for byte in their headers: every entry's contents begin at a multiple
 * of 64, so that they can be mapped, and what is known only after them follows them.
 */
import type { Write } from '../sink';
import { crc32, deflate } from './crc';
import { FLAG, IN_ZIP64, LENGTH, MANY_ENTRIES, METHOD, SIGNATURE, ZIP64_EXTRA } from './format';

/** Where contents begin: at multiples of this. */
export const ALIGNMENT = 64;

/** Versions in the record of zip64, as PyTorch writes them. */
const MADE_BY = 0x031e;
const NEEDED = 45;

interface Written {
  name: Buffer;
  method: number;
  crc: number;
  size: number;
  packed: number;
  header: number;
}

/** Numbers of 64 bits as an extra field of zip64; nothing where there are none. */
function zip64Extra(numbers: readonly number[]): Buffer {
  if (numbers.length === 0) return Buffer.alloc(0);
  const extra = Buffer.alloc(4 + 8 * numbers.length);
  extra.writeUInt16LE(ZIP64_EXTRA, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  for (const [i, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * i);
  return extra;
}

/** The extra field that fills up to a multiple of the alignment: 'FB', its length, and Zs. */
function padding(start: number): Buffer {
  const length = (ALIGNMENT - ((start + 4) % ALIGNMENT)) % ALIGNMENT;
  const field = Buffer.alloc(4 + length, 'Z');
  field.write('FB');
  field.writeUInt16LE(length, 2);
  return field;
}

const large = (...numbers: number[]): number[] => numbers.filter((number) => number >= IN_ZIP64);

/** Writes an archive, entry by entry; `end` writes its list. */
export class ZipWriter {
  readonly #write: Write;
  readonly #written: Written[] = [];
  #position = 0;

  readonly #checksums: boolean;

  /** @param checksums Whether contents get their CRC-32; 0 stands for it where not, as PyTorch writes it. */
  constructor(write: Write, checksums = true) {
    this.#write = write;
    this.#checksums = checksums;
  }

  /** Adds an entry whose `size` bytes `emit` hands over, piece by piece; `known` is their CRC-32, where somebody knows it. */
  addStream(name: string, size: number, emit: (write: Write) => void, known?: () => number): void {
    this.#add(name, METHOD.stored, size, size, () => {
      let crc = this.#checksums && known !== undefined ? known() : 0;
      let done = 0;
      emit((bytes) => {
        if (this.#checksums && known === undefined) crc = crc32(bytes, crc);
        done += bytes.length;
        this.#put(bytes);
      });
      if (done !== size) throw new Error(`entry '${name}' has ${done} bytes, and ${size} were announced`);
      return crc;
    });
  }

  /** Adds an entry. */
  add(name: string, contents: Uint8Array | string, compressed = false): void {
    const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
    if (!compressed) {
      this.addStream(name, bytes.length, (write) => write(bytes));
      return;
    }
    const packed = deflate(bytes);
    this.#add(name, METHOD.deflated, bytes.length, packed.length, () => {
      this.#put(packed);
      return crc32(bytes);
    });
  }

  /** Writes the list of entries, after which nothing can be added. */
  end(): void {
    const start = this.#position;
    for (const entry of this.#written) this.#put(listed(entry));
    const size = this.#position - start;
    this.#put(ending(this.#written.length, start, size, this.#position));
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#write(bytes);
    this.#position += bytes.length;
  }

  #add(text: string, method: number, size: number, packed: number, contents: () => number): void {
    const name = Buffer.from(text);
    const header = this.#position;
    const sizes = size >= IN_ZIP64 || packed >= IN_ZIP64 ? [size, packed] : [];
    const extra = zip64Extra([...sizes, ...large(header)]);
    const pad = padding(header + LENGTH.local + name.length + extra.length);
    const local = Buffer.alloc(LENGTH.local);
    local.writeUInt32LE(SIGNATURE.local, 0);
    local.writeUInt16LE(FLAG.descriptor | FLAG.utf8, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length + pad.length, 28);
    this.#put(Buffer.concat([local, name, extra, pad]));
    const crc = contents();
    if (size > 0) this.#put(descriptor(crc, packed, size, extra.length > 0));
    this.#written.push({ name, method, crc, size, packed, header });
  }
}

/** What follows an entry's contents: their checksum and sizes. */
function descriptor(crc: number, packed: number, size: number, wide: boolean): Buffer {
  const record = Buffer.alloc(wide ? 24 : 16);
  record.writeUInt32LE(SIGNATURE.descriptor, 0);
  record.writeUInt32LE(crc, 4);
  if (wide) {
    record.writeBigUInt64LE(BigInt(packed), 8);
    record.writeBigUInt64LE(BigInt(size), 16);
  } else {
    record.writeUInt32LE(packed, 8);
    record.writeUInt32LE(size, 12);
  }
  return record;
}

/** An entry's line in the list. */
function listed({ name, method, crc, size, packed, header }: Written): Buffer {
  const extra = zip64Extra(large(size, packed, header));
  const record = Buffer.alloc(LENGTH.central);
  record.writeUInt32LE(SIGNATURE.central, 0);
  record.writeUInt16LE(FLAG.descriptor | FLAG.utf8, 8);
  record.writeUInt16LE(method, 10);
  record.writeUInt32LE(crc, 16);
  record.writeUInt32LE(Math.min(packed, IN_ZIP64), 20);
  record.writeUInt32LE(Math.min(size, IN_ZIP64), 24);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(Math.min(header, IN_ZIP64), 42);
  return Buffer.concat([record, name, extra]);
}

/** The records at an archive's end, those of zip64 first. */
function ending(count: number, start: number, size: number, place: number): Buffer {
  const record = Buffer.alloc(LENGTH.end64 + LENGTH.locator64 + LENGTH.end);
  record.writeUInt32LE(SIGNATURE.end64, 0);
  record.writeBigUInt64LE(BigInt(LENGTH.end64 - 12), 4);
  record.writeUInt16LE(MADE_BY, 12);
  record.writeUInt16LE(NEEDED, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  const locator = LENGTH.end64;
  record.writeUInt32LE(SIGNATURE.locator64, locator);
  record.writeBigUInt64LE(BigInt(place), locator + 8);
  record.writeUInt32LE(1, locator + 16);
  const end = locator + LENGTH.locator64;
  record.writeUInt32LE(SIGNATURE.end, end);
  record.writeUInt16LE(Math.min(count, MANY_ENTRIES), end + 8);
  record.writeUInt16LE(Math.min(count, MANY_ENTRIES), end + 10);
  record.writeUInt32LE(Math.min(size, IN_ZIP64), end + 12);
  record.writeUInt32LE(Math.min(start, IN_ZIP64), end + 16);
  // NumPy knows an archive without entries by its first bytes.
  return count === 0 ? record.subarray(end) : record;
}
