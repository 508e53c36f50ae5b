/** The folder of a new run. */
import { rmdirSync } from 'node:fs';
import { createRunFolder, isSystemError } from '../train';
import { UserError } from './user_error';

/** Makes the folder, and has its options written into it; no folder is left without them. @throws UserError where that cannot be */
export function makeRunFolder(out: string, name: string, writeOptions: (folder: string) => void): string {
  try {
    const folder = createRunFolder(out, name);
    try {
      writeOptions(folder);
    } catch (error) {
      rmdirSync(folder);
      throw error;
    }
    return folder;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(
      `option '--out': cannot make a run folder in ${out}: ${cause.message}\n` +
        'Choose a folder that can be written, on a disk with space left.',
      { cause },
    );
  }
}
