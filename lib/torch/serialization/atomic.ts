/** Writing a file so that readers see the old one or the whole new one. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done);
  }
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

let count = 0;

/**
 * Writes `parts` one after the other into a temporary file in the same folder, then renames it to `path`.
 * When anything fails the temporary file is removed and what was at `path` is still there.
 */
export function writeAtomically(path: string, parts: Iterable<Uint8Array>): void {
  const temporary = join(dirname(path), `.${process.pid}-${Date.now()}-${count++}.tmp`);
  const file = openSync(temporary, 'wx');
  try {
    try {
      for (const part of parts) writeAll(file, part);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}
