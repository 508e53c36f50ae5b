/** One process at a time in a run folder: two would write every line twice. */
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isSystemError, RunFailure } from './failure';

/** Who holds a lock. */
interface Holder {
  pid: number;
  host: string;
  /** When the process began, in the system's count, so that a later process with its number is told apart; '' where unknown. */
  began: string;
}

const file = 'lock.json';

function beganAt(pid: number): string {
  try {
    // The name, in brackets, may hold blanks; the 22nd field is the 20th after it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isRunning({ pid, host, began }: Holder): boolean {
  // What runs on another machine cannot be seen from here.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isSystemError(error) && error.code === 'EPERM';
  }
  return began === '' || beganAt(pid) === began;
}

function readHolder(path: string): { text: string; holder: Holder | undefined } {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
    const { pid, host, began } = JSON.parse(text) as Partial<Holder>;
    if (!Number.isSafeInteger(pid) || pid! < 1 || typeof host !== 'string') return { text, holder: undefined };
    return { text, holder: { pid: pid!, host, began: typeof began === 'string' ? began : '' } };
  } catch {
    return { text, holder: undefined };
  }
}

/** Removes the lock of a process that has ended, unless another one has just taken it. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return;
    throw error;
  }
  // Taken in between: give it back.
  if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
  rmSync(aside, { force: true });
}

/**
 * Takes a run folder for this process, until the function that it returns is called or the process ends. The lock of a
 * process that was killed does not count.
 *
 * @throws RunFailure when another process works in the folder.
 */
export function lockRunFolder(folder: string): () => void {
  const path = join(folder, file);
  const own = JSON.stringify({ pid: process.pid, host: hostname(), began: beganAt(process.pid) } satisfies Holder);
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = openSync(path, 'wx');
      writeSync(handle, own);
      closeSync(handle);
      break;
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
    }
    const { text, holder } = readHolder(path);
    // An empty lock belongs to a process that is just writing it, or was killed then.
    if (attempt >= 100 || (holder !== undefined && isRunning(holder))) {
      const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
      throw new RunFailure(
        `${folder} is in use by ${who}. Wait until it has ended; if it is gone, delete ${path} and start again.`,
      );
    }
    if (holder !== undefined || attempt > 50) removeStale(path, text);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  const release = (): void => {
    process.off('exit', release);
    if (readHolder(path).text === own) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}
