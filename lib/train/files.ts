/** Small files of a run folder. */
import { writeAtomically } from '../io';

/** Writes text; a reader sees the old file or the whole new one. */
export function writeText(path: string, text: string): void {
  writeAtomically(path, [Buffer.from(text)]);
}

/** Writes a value as indented JSON, in the same way. */
export function writeJson(path: string, value: unknown): void {
  writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}
