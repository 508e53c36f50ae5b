/** Zip files, wheels among them: what is in one, and how a file comes out of it, checked. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { InstallFailure, reasonOf } from './failure';

/** A file inside an archive. */
export interface Member {
  /** With `/` between its parts. */
  name: string;
  /** Bytes, unpacked. */
  size: number;
}

/** A file that was unpacked. */
export interface Unpacked {
  size: number;
  /** In hexadecimal digits. */
  sha256: string;
}

/** An open zip file. */
export class Archive {
  readonly path: string;
  readonly members: ReadonlyMap<string, Member>;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#entries = entries;
    this.members = new Map([...entries].map(([name, entry]) => [name, { name, size: entry.uncompressedSize }]));
  }

  /** @throws InstallFailure where it is no zip file, or its end is missing. */
  static async open(path: string): Promise<Archive> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { autoClose: false });
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
      return new Archive(path, zip, entries);
    } catch (error) {
      zip?.close();
      throw new InstallFailure(
        `${path} cannot be read as a wheel or zip file (${reasonOf(error)}). Fetch it once more.`,
        {
          cause: error,
        },
      );
    }
  }

  /** The text of a small file. */
  async text(name: string): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.#stream(name)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  /**
   * Unpacks a file; it is on the disk, not only in the system's memory, when this ends.
   *
   * @param watch Hears how many bytes have come, piece by piece.
   * @throws InstallFailure where its bytes are not those that were packed.
   */
  async unpack(name: string, to: string, watch: (bytes: number) => void): Promise<Unpacked> {
    const entry = this.#entry(name);
    await mkdir(dirname(to), { recursive: true });
    const hash = createHash('sha256');
    let crc = 0;
    let size = 0;
    const stream = await this.#stream(name);
    stream.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      crc = crc32(chunk, crc);
      size += chunk.length;
      watch(chunk.length);
    });
    try {
      await pipeline(stream, createWriteStream(to, { highWaterMark: 1 << 20, flush: true }));
    } catch (error) {
      throw (error as { code?: unknown }).code === undefined ||
        String((error as { code: unknown }).code).startsWith('Z_')
        ? this.#damaged(name, reasonOf(error))
        : error;
    }
    if (crc !== entry.crc32) throw this.#damaged(name, 'its checksum is another');
    return { size, sha256: hash.digest('hex') };
  }

  close(): void {
    this.#zip.close();
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new InstallFailure(`${this.path} has no ${name}`);
    return entry;
  }

  async #stream(name: string) {
    try {
      return await this.#zip.openReadStreamPromise(this.#entry(name));
    } catch (error) {
      if (error instanceof InstallFailure) throw error;
      throw this.#damaged(name, reasonOf(error));
    }
  }

  #damaged(name: string, how: string): InstallFailure {
    return new InstallFailure(
      `${basename(this.path)} is damaged at ${name} (${how}). Nothing of it is used; fetch it once more.`,
    );
  }
}
