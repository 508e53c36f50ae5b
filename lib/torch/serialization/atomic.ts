/** The one way to write a file: readers see the old one or the whole new one, and nothing else at the path is replaced. */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileError, isSystemError } from './file_error';

/** Most bytes that one system call writes: Node refuses 2 GiB. */
const CHUNK = 2 ** 30;

/** Symbolic links followed before a path counts as a circle, as in Linux. */
const MOST_LINKS = 40;

/** Hands its bytes, piece by piece, to the function that it gets. */
type Body = (write: (bytes: Uint8Array) => void) => void;

function writeAll(file: number, body: Body): void {
  body((part) => {
    for (let done = 0; done < part.length; ) {
      done += writeSync(file, part, done, Math.min(part.length - done, CHUNK));
    }
  });
}

/** Makes the new name survive a power failure; some systems cannot, and then the file is still whole. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Nothing is lost that the system could have kept.
  }
}

/** The name behind symbolic links, which need not exist yet. */
function followLinks(path: string): string {
  let name = path;
  for (let links = 0; lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink(); links++) {
    if (links === MOST_LINKS) throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
    const target = readlinkSync(name);
    // A link counts from its real folder: one above may be a link itself, and `..` leaves where that points.
    name = isAbsolute(target) ? target : `${realpathSync(dirname(name))}/${target}`;
  }
  return name;
}

/** Gives a new file the owner and the mode of the one it replaces. */
function keepOwnerAndMode(file: number, { uid, gid, mode }: Stats): void {
  const own = fstatSync(file);
  if (own.uid !== uid || own.gid !== gid) {
    try {
      fchownSync(file, uid, gid);
    } catch {
      // Only root may give files away.
    }
  }
  fchmodSync(file, mode & 0o7777);
}

/** Names of files that are being written: the process, the time, and a number. */
const TEMPORARY = /^\.(\d+)-\d+-\d+\.tmp$/;

/** Milliseconds after which a file that nobody writes to is left behind. A younger one may be another machine's at work. */
const LEFT = 3_600_000;

/** When folders were last looked through. */
const swept = new Map<string, number>();

/** Whether another process of this number is there. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
}

/** Removes what processes left in a folder that were killed while they wrote, once in a while. */
function sweep(folder: string): void {
  const now = Date.now();
  if (now - (swept.get(folder) ?? 0) < LEFT) return;
  swept.set(folder, now);
  try {
    for (const name of readdirSync(folder)) {
      const pid = TEMPORARY.exec(name)?.[1];
      if (pid === undefined || isRunning(Number(pid))) continue;
      const path = join(folder, name);
      if (now - lstatSync(path).mtimeMs > LEFT) rmSync(path);
    }
  } catch {
    // Another process was faster, or the folder cannot be listed: the file at hand is what matters.
  }
}

let count = 0;

function replaceFile(path: string, old: Stats | undefined, body: Body, sync: boolean): void {
  // What is protected against writing is not to be replaced either.
  if (old !== undefined) accessSync(path, constants.W_OK);
  sweep(dirname(path));
  const temporary = join(dirname(path), `.${process.pid}-${Date.now()}-${count++}.tmp`);
  const file = openSync(temporary, 'wx', old === undefined ? 0o666 : old.mode & 0o700);
  try {
    try {
      if (old !== undefined) keepOwnerAndMode(file, old);
      writeAll(file, body);
      if (sync) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (sync) syncFolder(dirname(path));
}

/** Writes into a device or a pipe. A pipe that nobody reads is refused: opening it would wait for ever. */
function writeThrough(path: string, target: Stats, body: Body): void {
  let probe: number | undefined;
  try {
    if (target.isFIFO()) probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const file = openSync(path, constants.O_WRONLY);
    try {
      writeAll(file, body);
    } finally {
      closeSync(file);
    }
  } finally {
    if (probe !== undefined) closeSync(probe);
  }
}

/**
 * Writes to `path` what `body` hands to the function that it gets. A regular file appears whole or not at all: on failure what was
 * there is untouched, and what a killed process left of its own attempt goes after an hour. Its mode stays, symbolic links are followed, and devices and pipes are written through.
 *
 * @param sync Whether to wait until the disk has it, so that a power failure, too, leaves the old file or the new one.
 * @throws An error naming the file, with the system's `code`: for a folder, a missing folder, a file protected
 * against writing, a pipe that nobody reads, a full disk.
 */
export function writeInto(path: string, body: Body, sync = true): void {
  if (typeof path !== 'string') throw new TypeError(`the path of a file must be a string, not ${typeof path}`);
  if (path === '') throw new TypeError('the path of a file is empty');
  if (path.includes('\0'))
    throw new TypeError(`the path ${JSON.stringify(path)} has a NUL, where the system would cut it`);
  try {
    const target = statSync(path, { throwIfNoEntry: false });
    if (target?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    if (target === undefined || target.isFile()) replaceFile(followLinks(path), target, body, sync);
    else writeThrough(path, target, body);
  } catch (error) {
    throw fileError('write', path, error);
  }
}

/** Writes `parts` one after the other, as `writeInto` does. @throws as it does */
export function writeAtomically(path: string, parts: Iterable<Uint8Array>): void {
  writeInto(path, (write) => {
    for (const part of parts) write(part);
  });
}
