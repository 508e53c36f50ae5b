/** Room on the disk, asked for before it is needed. */
import { statfs } from 'node:fs/promises';
import { InstallFailure } from './failure';

/** '434 MB': bytes for people. */
export function shownBytes(bytes: number): string {
  const [unit, divisor] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  const value = bytes / divisor;
  return `${value >= 100 || unit === 'kB' ? Math.ceil(value) : value.toFixed(1)} ${unit}`;
}

/** What is left free for others. */
const SPARE = 64e6;

/** @throws InstallFailure where the disk of an existing folder has less room than `bytes`. */
export async function needRoom(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes + SPARE) return;
  throw new InstallFailure(
    `not enough room: ${what} needs ${shownBytes(bytes)}, and the disk of ${folder} has ${shownBytes(free)} free. Free some space, or name another disk's folder with --dir or ISOTORCH_CACHE.`,
  );
}
