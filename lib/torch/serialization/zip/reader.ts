/**
 * Reading zip archives, zip64 too, without trust: every number is checked before it is used, so that a wrong one is named, and
 * no archive makes more memory needed than it says and holds.
 */
import { fault, type Source } from '../source';
import { crc32, inflate } from './crc';
import { FLAG, IN_ZIP64, LENGTH, MANY_ENTRIES, METHOD, SIGNATURE, ZIP64_EXTRA } from './format';

/** Longest comment at the end of an archive. */
const LONGEST_COMMENT = 0xffff;

/** Deflated data takes at least this fraction of what comes out: its format cannot say more in less. */
const DENSEST = 1032;

/** Entries of an archive, at most. */
const MOST_ENTRIES = 10_000_000;

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  /** Bytes of its contents. */
  readonly size: number;
  /** Bytes that they take in the archive. */
  readonly packed: number;
  /** Where these begin. */
  readonly start: number;
}

interface Directory {
  count: number;
  start: number;
  size: number;
}

function safe(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw fault(`${what} is ${value}, more than any file has`);
  return Number(value);
}

/** Where the list of entries lies, by the record at the archive's end. */
function findDirectory(source: Source): Directory {
  const tail = Math.min(source.size, LENGTH.end + LONGEST_COMMENT);
  const bytes = Buffer.from(source.read(source.size - tail, tail));
  let at = bytes.length - LENGTH.end;
  while (at >= 0 && bytes.readUInt32LE(at) !== SIGNATURE.end) at--;
  if (at < 0) throw fault('it has no end of a zip archive: it is cut short, or no zip archive');
  const end = source.size - tail + at;
  const count = bytes.readUInt16LE(at + 10);
  const size = bytes.readUInt32LE(at + 12);
  const start = bytes.readUInt32LE(at + 16);
  const found = { count, start, size };
  if (count !== MANY_ENTRIES && size !== IN_ZIP64 && start !== IN_ZIP64) return within(found, end);
  return findDirectory64(source, end) ?? within(found, end);
}

function findDirectory64(source: Source, end: number): Directory | undefined {
  if (end < LENGTH.locator64) return undefined;
  const locator = Buffer.from(source.read(end - LENGTH.locator64, LENGTH.locator64));
  if (locator.readUInt32LE(0) !== SIGNATURE.locator64) return undefined;
  const place = safe(locator.readBigUInt64LE(8), 'the place of its zip64 end');
  const record = Buffer.from(source.read(place, LENGTH.end64));
  if (record.readUInt32LE(0) !== SIGNATURE.end64) throw fault(`it has no zip64 end at byte ${place}`);
  const count = safe(record.readBigUInt64LE(32), 'the number of its entries');
  const size = safe(record.readBigUInt64LE(40), 'the size of its list of entries');
  const start = safe(record.readBigUInt64LE(48), 'the place of its list of entries');
  return within({ count, start, size }, place);
}

function within(directory: Directory, end: number): Directory {
  const { count, start, size } = directory;
  if (start + size > end) throw fault(`its list of entries, bytes ${start} to ${start + size}, ends after byte ${end}`);
  if (count > MOST_ENTRIES || count * LENGTH.central > size) {
    throw fault(`its list of ${count} entries cannot lie in ${size} bytes`);
  }
  return directory;
}

/** Refuses names that lead out of a folder: nobody who unpacks such an archive is safe. */
function checkName(name: string): void {
  const parts = name.split(/[/\\]/);
  if (parts.includes('..') || /^([/\\]|[A-Za-z]:)/.test(name) || name.includes('\0')) {
    throw fault(`the name of its entry ${JSON.stringify(name)} leads out of the archive`);
  }
}

/** Numbers of 64 bits that an extra field holds for those of 32 bits that say so. */
function zip64Numbers(extra: Buffer, wanted: number, name: string): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const kind = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    if (at + 4 + length > extra.length) break;
    if (kind === ZIP64_EXTRA && length >= 8 * wanted) {
      const numbers = Array.from({ length: wanted }, (_, i) => extra.readBigUInt64LE(at + 4 + 8 * i));
      return numbers.map((number) => safe(number, `a number of entry '${name}'`));
    }
    at += 4 + length;
  }
  throw fault(`entry '${name}' lacks its zip64 numbers`);
}

/** An archive's entries, and their contents. */
export class ZipReader {
  /** By name, in the archive's order. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
    const directory = findDirectory(source);
    const entries = new Map<string, ZipEntry>();
    const places: { name: string; begin: number; end: number }[] = [];
    const bytes = Buffer.from(source.read(directory.start, directory.size));
    let at = 0;
    for (let i = 0; i < directory.count; i++) {
      const { entry, header, length } = this.#listed(bytes, at);
      at += length;
      if (entries.has(entry.name)) throw fault(`it has two entries '${entry.name}'`);
      entries.set(entry.name, entry);
      places.push({ name: entry.name, begin: header, end: entry.start + entry.packed });
    }
    places.sort((a, b) => a.begin - b.begin);
    places.push({ name: 'the list of entries', begin: directory.start, end: directory.start + directory.size });
    places.reduce((before, after) => {
      if (before.end > after.begin) throw fault(`its entries '${before.name}' and '${after.name}' overlap`);
      return after;
    });
    this.entries = entries;
  }

  /** One line of the list of entries, which its own header has to bear out. */
  #listed(bytes: Buffer, at: number): { entry: ZipEntry; header: number; length: number } {
    if (at + LENGTH.central > bytes.length || bytes.readUInt32LE(at) !== SIGNATURE.central) {
      throw fault(`its list of entries is damaged at byte ${at}`);
    }
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const length = LENGTH.central + nameLength + extraLength + bytes.readUInt16LE(at + 32);
    if (at + length > bytes.length) throw fault(`its list of entries is damaged at byte ${at}`);
    const rawName = bytes.subarray(at + LENGTH.central, at + LENGTH.central + nameLength);
    const name = rawName.toString('utf8');
    checkName(name);
    const flags = bytes.readUInt16LE(at + 8);
    if (flags & FLAG.encrypted) throw fault(`entry '${name}' is encrypted`);
    const method = bytes.readUInt16LE(at + 10);
    if (method !== METHOD.stored && method !== METHOD.deflated) {
      throw fault(`entry '${name}' is compressed by method ${method}; stored and deflated ones are read`);
    }
    const numbers = [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const missing = numbers.filter((number) => number === IN_ZIP64).length;
    if (missing > 0) {
      const from = at + LENGTH.central + nameLength;
      const large = zip64Numbers(bytes.subarray(from, from + extraLength), missing, name);
      numbers.forEach((number, i) => {
        if (number === IN_ZIP64) numbers[i] = large.shift()!;
      });
    }
    const [size, packed, header] = numbers as [number, number, number];
    const local = this.#local(name, rawName, header, method);
    const entry = { name, method, crc: bytes.readUInt32LE(at + 16), size, packed, start: header + local };
    if (entry.start + packed > this.#source.size) throw fault(`entry '${name}' ends after the file's end`);
    if (method === METHOD.stored && packed !== size) {
      throw fault(`entry '${name}' is not compressed, but ${size} bytes take ${packed}`);
    }
    if (method === METHOD.deflated && size > DENSEST * packed + DENSEST) {
      throw fault(`entry '${name}' says that ${packed} compressed bytes hold ${size}, which they cannot`);
    }
    return { entry, header, length };
  }

  /** Length of an entry's own header, which must be the one that the list means. */
  #local(name: string, rawName: Buffer, place: number, method: number): number {
    const header = Buffer.from(this.#source.read(place, LENGTH.local + rawName.length));
    if (header.readUInt32LE(0) !== SIGNATURE.local) throw fault(`entry '${name}' has no header at byte ${place}`);
    const nameLength = header.readUInt16LE(26);
    const same = nameLength === rawName.length && header.subarray(LENGTH.local).equals(rawName);
    if (!same || header.readUInt16LE(8) !== method) {
      throw fault(`the header of entry '${name}' is not the one that the list of entries describes`);
    }
    return LENGTH.local + nameLength + header.readUInt16LE(28);
  }

  /** The entry of this name. @throws ValueError where there is none */
  entry(name: string): ZipEntry {
    const found = this.entries.get(name);
    if (found === undefined) throw fault(`it has no entry '${name}'`);
    return found;
  }

  /** An entry's contents. @throws ValueError where they are not those that were written */
  read(entry: ZipEntry): Uint8Array {
    const packed = this.#source.read(entry.start, entry.packed);
    const bytes = entry.method === METHOD.stored ? packed : this.#inflated(entry, packed);
    checkCrc(entry, crc32(bytes));
    return bytes;
  }

  #inflated(entry: ZipEntry, packed: Uint8Array): Uint8Array {
    let bytes: Uint8Array;
    try {
      bytes = inflate(packed, entry.size);
    } catch (cause) {
      throw Object.assign(fault(`entry '${entry.name}' cannot be decompressed: ${(cause as Error).message}`), {
        cause,
      });
    }
    if (bytes.length === entry.size) return bytes;
    throw fault(`entry '${entry.name}' has ${bytes.length} bytes and says ${entry.size}`);
  }
}

/** Refuses contents whose CRC-32 is another one than the archive says. PyTorch writes this where it was told to compute none. */
const NOT_COMPUTED = 0;

export function checkCrc(entry: ZipEntry, crc: number): void {
  if (crc === entry.crc || entry.crc === NOT_COMPUTED) return;
  throw fault(`entry '${entry.name}' is damaged: its CRC-32 is ${hex(crc)}, and should be ${hex(entry.crc)}`);
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');
