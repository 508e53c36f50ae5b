/** Small files of a run folder. */
import { appendFileSync } from 'node:fs';
import { writeAtomically } from 'isotorch/serialization';
import { isSystemError } from './failure';
import { toJson } from './json';

/** Writes text; a reader sees the old file or the whole new one. */
export function writeText(path: string, text: string): void {
  writeAtomically(path, [Buffer.from(text)]);
}

/** Writes a value as indented JSON, in the same way. */
export function writeJson(path: string, value: unknown): void {
  writeText(path, `${toJson(value, 2)}\n`);
}

/** Appends text. @throws An error naming the file, with the system's `code`. */
export function appendText(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw Object.assign(new Error(`cannot write ${path}: ${error.message}`, { cause: error }), { code: error.code });
  }
}
