/** A file that one process at a time holds, and that does not count when its process has ended. */
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError } from './errors';

/** Who holds a lock. */
interface Holder {
  pid: number;
  host: string;
  /** When the process began, in the system's count, so that a later process with its number is told apart; '' where unknown. */
  began: string;
}

/** A lock that was taken, or who has it. */
export type Lock = { release: () => void } | { heldBy: string };

/** How a lock is taken. */
export interface LockOptions {
  /**
   * Milliseconds after which the lock of another machine's process counts as left behind. Its holder renews it five times as
   * often, so this is for locks that all sides take with the same figure. Without it such a lock is held until it is deleted.
   */
  leftAfter?: number;
}

function beganAt(pid: number): string {
  try {
    // The name, in brackets, may hold blanks; the 22nd field is the 20th after it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isRunning(path: string, { pid, host, began }: Holder, leftAfter: number): boolean {
  // What runs on another machine cannot be seen from here.
  if (host !== hostname()) return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < leftAfter;
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

/** Renews the lock's time until the function that it returns is called. */
function renew(path: string, every: number): () => void {
  const timer = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Deleted by hand: whoever did that knows what follows.
    }
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Takes a lock for this process, until `release` is called or the process ends. A lock whose process was killed does not count.
 *
 * @param path The file; its folder has to exist.
 * @returns The lock, or in words who holds it, at once.
 */
export function takeLock(path: string, { leftAfter = Number.POSITIVE_INFINITY }: LockOptions = {}): Lock {
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
    if (attempt >= 100 || (holder !== undefined && isRunning(path, holder, leftAfter))) {
      return { heldBy: holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}` };
    }
    if (holder !== undefined || attempt > 50) removeStale(path, text);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  const stop = Number.isFinite(leftAfter) ? renew(path, leftAfter / 5) : () => {};
  const release = (): void => {
    process.off('exit', release);
    stop();
    if (readHolder(path).text === own) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { release };
}
