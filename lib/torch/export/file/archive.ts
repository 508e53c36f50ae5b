/** The archive of a program: a zip whose entries lie in one folder. */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { Fault, fail } from './fault';

/** Entries of an archive, by their names below its folder. */
export class Archive {
  readonly #entries = new Map<string, Uint8Array>();

  constructor(bytes: Buffer) {
    const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    if (end < 0) throw new Fault('it is no zip archive, or its end is missing');
    let place = bytes.readUInt32LE(end + 16);
    for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
      const size = bytes.readUInt32LE(place + 20);
      const name = bytes.toString('utf8', place + 46, place + 46 + bytes.readUInt16LE(place + 28));
      const local = bytes.readUInt32LE(place + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const data = bytes.subarray(start, start + size);
      if (crc32(data) !== bytes.readUInt32LE(place + 16)) fail(name, 'CRC');
      this.#entries.set(name.slice(name.indexOf('/') + 1), data);
      place += 46 + bytes.readUInt16LE(place + 28) + bytes.readUInt16LE(place + 30) + bytes.readUInt16LE(place + 32);
    }
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  read(name: string): Uint8Array {
    return this.#entries.get(name) ?? fail(name, 'it is missing in the archive');
  }

  text(name: string): string {
    return new TextDecoder().decode(this.read(name)).trim();
  }
}

/** Opens an archive. */
export function openArchive(f: string | Uint8Array): Archive {
  return new Archive(Buffer.from(typeof f === 'string' ? readFileSync(f) : f));
}
