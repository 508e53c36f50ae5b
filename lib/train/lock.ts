/** One process at a time in a run folder: two would write every line twice. */
import { join } from 'node:path';
import { takeLock } from '../system';
import { RunFailure } from './failure';

/**
 * Takes a run folder for this process, until the function that it returns is called or the process ends. The lock of a
 * process that was killed does not count.
 *
 * @throws RunFailure when another process works in the folder.
 */
export function lockRunFolder(folder: string): () => void {
  const path = join(folder, 'lock.json');
  const lock = takeLock(path);
  if ('release' in lock) return lock.release;
  throw new RunFailure(
    `${folder} is in use by ${lock.heldBy}. Wait until it has ended; if it is gone, delete ${path} and start again.`,
  );
}
