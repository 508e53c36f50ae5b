/** Where bytes are written to: a file, whole or not at all, or whatever has a method `write`. */
import { typeName } from '../core';
import { writeInto } from './atomic';

/** Takes the next bytes; they are its caller's again when it returns. */
export type Write = (bytes: Uint8Array) => void;

/** Most bytes that an object gets at a time: it keeps them, so they are a copy. */
const PIECE = 2 ** 24;

/** What Python calls a file-like object: anything that collects bytes. */
export interface Writable {
  /** Takes the next bytes, which are its own. */
  write(bytes: Uint8Array): unknown;
}

/** A path, or an object with a method `write`. */
export type Target = string | Writable;

/**
 * Writes what `body` writes to a file, or hands it to the object. The system writes the file to the disk when it likes, as that of
 * Python's functions: waiting for it takes longer than all the rest.
 */
export function writing(caller: string, f: Target, body: (write: Write) => void): void {
  if (typeof f === 'string') {
    writeInto(f, body, false);
    return;
  }
  if (typeof (f as Writable | null)?.write !== 'function') {
    throw new TypeError(`${caller}: expected the path of a file or an object with a method write, not ${typeName(f)}`);
  }
  body((bytes) => {
    for (let at = 0; at < bytes.length; at += PIECE) f.write(bytes.slice(at, at + PIECE));
  });
}
