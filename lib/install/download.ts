/** A file over HTTP that goes on where it stopped, and counts only when it is whole. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDiskFull, isSystemError } from '../system';
import { needRoom } from './disk';
import { fileFailure, InstallFailure, reasonOf } from './failure';
import { type Answer, get } from './http';

/** What is fetched. */
export interface Wanted {
  url: string;
  /** In hexadecimal digits; undefined where only the server knows the file. */
  sha256?: string;
  /** Bytes. */
  size?: number;
}

/** How patient a download is, and who watches it. */
export interface DownloadOptions {
  /** Milliseconds without a byte after which the connection counts as dead. */
  silence?: number;
  /** Milliseconds before the next attempt; doubled with each one that brings nothing. */
  pause?: number;
  /** Attempts in a row that may bring nothing. */
  attempts?: number;
  progress?: (done: number, total: number | undefined) => void;
  /** Ends the download; what has come stays for the next time. */
  signal?: AbortSignal;
}

/** What is known of a part, beside it in a small file. */
interface PartState {
  url: string;
  /** What the server calls this version of the file, for If-Range; '' where it has no name that says every byte is the same. */
  version: string;
  total?: number;
}

/** An attempt that ended too early; the next one may go on. */
class Interrupted extends Error {}

const size = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0;

/** SHA-256 of a file, in hexadecimal digits. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** An ETag that is not weak, else the date: If-Range takes no weak one. */
function versionOf({ header }: Answer): string {
  const etag = header('etag');
  return etag !== undefined && !etag.startsWith('W/') ? etag : (header('last-modified') ?? '');
}

/** The whole file's size by an answer, and where its body begins. */
function extentOf(url: string, answer: Answer): { from: number; total: number | undefined } {
  if (answer.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
    if (range === null) throw new InstallFailure(`${url}: the server sends a part of the file without saying which`);
    return { from: Number(range[1]), total: range[2] === '*' ? undefined : Number(range[2]) };
  }
  const length = answer.header('content-length');
  return { from: 0, total: length === undefined ? undefined : Number(length) };
}

class Part {
  readonly #wanted: Wanted;
  readonly #options: Required<Omit<DownloadOptions, 'signal'>> & { signal: AbortSignal | undefined };
  readonly #file: string;
  #state: PartState;

  private constructor(wanted: Wanted, file: string, state: PartState, options: DownloadOptions) {
    this.#wanted = wanted;
    this.#file = file;
    this.#state = state;
    const { silence = 60_000, pause = 1_000, attempts = 5, progress = () => {}, signal } = options;
    this.#options = { silence, pause, attempts, progress, signal };
  }

  static async find(wanted: Wanted, file: string, options: DownloadOptions): Promise<Part> {
    const fresh: PartState = { url: wanted.url, version: '' };
    let state = fresh;
    try {
      const known = JSON.parse(await readFile(`${file}.json`, 'utf8')) as PartState;
      if (known.url === wanted.url && typeof known.version === 'string') state = known;
    } catch {
      // None, or cut off while it was written: begin anew.
    }
    const part = new Part(wanted, file, state, options);
    // Only a checksum, or the server's name for the version, can tell that the rest belongs to this beginning.
    if (state === fresh || (wanted.sha256 === undefined && state.version === '')) await part.drop();
    return part;
  }

  /** Forgets what has come. */
  async drop(): Promise<void> {
    this.#state = { url: this.#wanted.url, version: '' };
    await rm(this.#file, { force: true });
    await rm(`${this.#file}.json`, { force: true });
  }

  get have(): Promise<number> {
    return size(this.#file);
  }

  /** Fetches what is missing. */
  async complete(): Promise<void> {
    const { attempts, pause, signal } = this.#options;
    for (let inVain = 0; ; ) {
      const before = await this.have;
      if (before > 0 && before === (this.#wanted.size ?? this.#state.total)) return;
      try {
        await this.#attempt(before);
        return;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof InstallFailure || (isSystemError(error) && isFileError(error))) throw error;
        inVain = (await this.have) > before ? 0 : inVain + 1;
        if (inVain >= attempts) throw await this.#givenUp(error);
        await wait(Math.min(pause * 2 ** inVain, 30_000), undefined, { signal });
      }
    }
  }

  async #givenUp(error: unknown): Promise<InstallFailure> {
    const total = this.#wanted.size ?? this.#state.total;
    const come = `${await this.have} of ${total ?? 'an unknown number of'} bytes have come`;
    return new InstallFailure(
      `${this.#wanted.url}: ${reasonOf(error)} (${come}). Run the command again: it goes on from there. Behind a proxy, set HTTPS_PROXY.`,
      { cause: error },
    );
  }

  async #attempt(offset: number): Promise<void> {
    const { url } = this.#wanted;
    const { silence, signal } = this.#options;
    const ended = new AbortController();
    const dead = (): void => ended.abort(new Interrupted(`nothing came for ${silence / 1000} s`));
    let watch = setTimeout(dead, silence);
    const alive = (): void => {
      clearTimeout(watch);
      watch = setTimeout(dead, silence);
    };
    const stop = (): void => ended.abort(signal?.reason);
    signal?.addEventListener('abort', stop);
    try {
      const answer = await get(url, this.#rangeFrom(offset), ended.signal);
      alive();
      await this.#take(answer, offset, alive);
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      clearTimeout(watch);
      signal?.removeEventListener('abort', stop);
      ended.abort();
    }
  }

  #rangeFrom(offset: number): Record<string, string> {
    if (offset === 0) return {};
    const { version } = this.#state;
    return { range: `bytes=${offset}-`, ...(version === '' ? {} : { 'if-range': version }) };
  }

  async #take(answer: Answer, offset: number, alive: () => void): Promise<void> {
    const { url } = this.#wanted;
    answer.body.on('error', () => {});
    if (answer.status === 416) {
      // Asked for what lies behind the end: either nothing is missing, or the part is of another file.
      if (answer.header('content-range') === `bytes */${offset}` && this.#expected(offset) === offset) return;
      await this.drop();
      throw new Interrupted('the server has another file now');
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      throw new Interrupted(`the server answers ${answer.status}`);
    }
    if (answer.status !== 200 && answer.status !== 206) {
      throw new InstallFailure(`${url}: the server answers ${answer.status}`);
    }
    if ((answer.header('content-encoding') ?? 'identity') !== 'identity') {
      throw new InstallFailure(`${url}: the server sends the file compressed, though it was asked not to`);
    }
    const { from, total } = extentOf(url, answer);
    const version = versionOf(answer);
    if (from !== 0 && (from !== offset || version !== this.#state.version)) {
      await this.drop();
      throw new Interrupted('the server has another version of the file now');
    }
    const expected = this.#expected(total);
    if (expected !== undefined) await needRoom(dirname(this.#file), expected - from, 'the download');
    if (from === 0) {
      await this.drop();
      this.#state = { url, version, ...(expected === undefined ? {} : { total: expected }) };
      await writeFile(`${this.#file}.json`, JSON.stringify(this.#state));
    }
    await this.#write(answer, from, expected, alive);
  }

  /** The size to expect, where the server says `total`. */
  #expected(total: number | undefined): number | undefined {
    const { size: known = this.#state.total, url } = this.#wanted;
    if (known !== undefined && total !== undefined && known !== total) {
      throw new InstallFailure(
        `${url}: the server has a file of ${total} bytes, and it should have ${known}. A proxy or a sign-in page may have answered in its place.`,
      );
    }
    return known ?? total;
  }

  async #write({ body }: Answer, from: number, total: number | undefined, alive: () => void): Promise<void> {
    const handle = await open(this.#file, from === 0 ? 'w' : 'a');
    let done = from;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        alive();
        done += chunk.length;
        if (total !== undefined && done > total) {
          throw new InstallFailure(
            `${this.#wanted.url}: the server sends more than the ${total} bytes that it announced`,
          );
        }
        await handle.writeFile(chunk);
        this.#options.progress(done, total);
      }
    } finally {
      await handle.close();
    }
    if (total !== undefined && done < total) throw new Interrupted('the connection ended too early');
  }
}

/** Errors of the disk, as against those of the network, which have codes of the same kind. */
function isFileError(error: { code: string }): boolean {
  return isDiskFull(error) || ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EISDIR', 'ENOTDIR', 'EIO'].includes(error.code);
}

/**
 * Fetches a file. Bytes that have come before stay in `<file>.part` when it fails, and the next call goes on behind them; `file`
 * itself appears whole and checked, or not at all.
 *
 * @throws InstallFailure saying what the server, the network or the disk did, and what to do.
 */
export async function download(wanted: Wanted, file: string, options: DownloadOptions = {}): Promise<void> {
  const path = `${file}.part`;
  // Whole since another time: of several files, a later one was interrupted.
  if (wanted.sha256 !== undefined && (await size(file)) > 0 && (await sha256Of(file)) === wanted.sha256) return;
  try {
    for (const last of [false, true]) {
      const part = await Part.find(wanted, path, options);
      const resumed = (await part.have) > 0;
      await part.complete();
      const got = wanted.sha256 === undefined ? undefined : await sha256Of(path);
      if (got === wanted.sha256) break;
      await part.drop();
      // The beginning may have come from another file or another day: once more, all of it.
      if (resumed && !last) continue;
      throw new InstallFailure(
        `${wanted.url}: the bytes are not those of the file (SHA-256 ${got}, it should be ${wanted.sha256}). Nothing of it is used; try another network.`,
      );
    }
    await rename(path, file);
    await rm(`${path}.json`, { force: true });
  } catch (error) {
    if (!isDiskFull(error)) throw fileFailure(error, `the download of ${basename(file)}`, dirname(file));
    for (const left of [path, `${path}.json`]) await rm(left, { force: true });
    throw fileFailure(error, `the download of ${basename(file)}`, dirname(file));
  }
}
