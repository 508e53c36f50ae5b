/** Where bytes are read from: a regular file, or bytes in memory. */
import { closeSync, constants as flags, fstatSync, openSync, readSync } from 'node:fs';
import { OutOfMemoryError, ValueError } from '../native';
import { isUint8Array, typeName } from '../core';
import { fileError, isSystemError } from './file_error';

/** Most bytes that one system call reads: Node refuses 2 GiB. */
const CHUNK = 2 ** 30;

/** The error for a file that its format does not allow; `reading` puts the file's name before it. */
export function fault(reason: string): ValueError {
  return new ValueError(reason);
}

/** Bytes of a known number, read at any position. */
export interface Source {
  /** Path of the file; undefined for bytes in memory. */
  readonly path: string | undefined;
  readonly size: number;
  /** Descriptor of the open file, whose position 0 is the source's; undefined for bytes in memory. */
  readonly file: number | undefined;
  /** Refuses bytes that are not there. */
  check(position: number, length: number): void;
  /** Fills `target` with the bytes from `position` on. @throws ValueError where there are fewer */
  fill(target: Uint8Array, position: number): void;
  /** The bytes from `position` on, which the caller does not change. */
  read(position: number, length: number): Uint8Array;
}

function check(size: number, position: number, length: number): void {
  if (position >= 0 && length >= 0 && position <= size - length) return;
  throw fault(`it is cut short: bytes ${position} to ${position + length} are missing, since it has ${size}`);
}

/** Bytes in memory as a source. */
export function sourceOfBytes(bytes: Uint8Array): Source {
  const read = (position: number, length: number) => {
    check(bytes.length, position, length);
    return bytes.subarray(position, position + length);
  };
  return {
    path: undefined,
    size: bytes.length,
    file: undefined,
    check: (position, length) => check(bytes.length, position, length),
    read,
    fill: (target, position) => target.set(read(position, target.length)),
  };
}

/** Opens a regular file; a pipe or a device has no size, and opening a pipe could wait for ever. */
export function openRegular(path: string): number {
  const file = openSync(path, flags.O_RDONLY | (flags.O_NONBLOCK ?? 0));
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw fault(`it is no regular file`);
}

/** An open file as a source. */
export function sourceOfFile(path: string, file: number): Source {
  const { size } = fstatSync(file);
  const fill = (target: Uint8Array, position: number) => {
    check(size, position, target.length);
    for (let done = 0; done < target.length; ) {
      const count = readSync(file, target, done, Math.min(target.length - done, CHUNK), position + done);
      if (count === 0) throw fault('it became shorter while it was read');
      done += count;
    }
  };
  const read = (position: number, length: number) => {
    check(size, position, length);
    const bytes = new Uint8Array(length);
    fill(bytes, position);
    return bytes;
  };
  return { path, size, file, check: (position, length) => check(size, position, length), fill, read };
}

/** What is named in messages: the path, or that there is none. */
const nameOf = (f: string | Uint8Array): string => (typeof f === 'string' ? f : 'the given bytes');

/** Any error as one about this file: what torch, zlib or the engine say of its contents is a fault of the file. */
function about(f: string | Uint8Array, caller: string, error: unknown): unknown {
  if (isSystemError(error)) return typeof f === 'string' ? fileError('read', f, error) : error;
  if (!(error instanceof Error) || error instanceof OutOfMemoryError) return error;
  const message = `${caller}: ${nameOf(f)}: ${error.message}`;
  if (error instanceof ValueError) return Object.assign(error, { message });
  return Object.assign(fault(message), { cause: error });
}

/**
 * Runs `body` with the source of a path or of bytes, and closes the file.
 *
 * @throws ValueError naming the caller, the file and the fault, whatever went wrong with its contents
 * @throws Error with the system's `code` where the file cannot be read
 */
export function reading<T>(caller: string, f: string | Uint8Array, body: (source: Source) => T): T {
  if (typeof f !== 'string' && !isUint8Array(f)) {
    throw new TypeError(`${caller}: expected the path of a file or a Uint8Array, not ${typeName(f)}`);
  }
  let file: number | undefined;
  try {
    if (typeof f !== 'string') return body(sourceOfBytes(f));
    file = openRegular(f);
    return body(sourceOfFile(f, file));
  } catch (error) {
    throw about(f, caller, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
