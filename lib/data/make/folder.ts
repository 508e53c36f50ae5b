/** A folder that is there whole, or not at all. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { takeLock } from '../../system';
import { DataError } from '../sets';

/** Folders in the making, which an interruption leaves behind. */
const unfinished = new Set<string>();

/** Removes what is half done: for a program that is about to end. */
export function removeUnfinished(): void {
  for (const part of unfinished) rmSync(part, { recursive: true, force: true });
  unfinished.clear();
}

/** Lets signals and timers have their turn. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const partPrefix = (target: string): string => `.${basename(target)}.part-`;

/** Removes what killed processes left. */
function removeLeftovers(target: string): void {
  for (const name of readdirSync(dirname(target))) {
    if (!name.startsWith(partPrefix(target))) continue;
    const part = join(dirname(target), name);
    const lock = takeLock(`${part}/lock`);
    if ('heldBy' in lock) throw new DataError(`${target} is being written by ${lock.heldBy}`);
    lock.release();
    rmSync(part, { recursive: true, force: true });
  }
}

/** @throws DataError where something is there that would be lost */
function checkTarget(target: string): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) throw new DataError(`${target} is there already, and is no folder`);
  if (readdirSync(target).length > 0)
    throw new DataError(`${target} is there already, and is not empty: choose another`);
}

/**
 * Makes a folder: `work` fills one beside it, which gets the name when all is done. What fails, or is killed, leaves nothing of it;
 * what a killed process left is removed by the next that makes the same folder.
 *
 * @throws DataError where the folder is there already and not empty, or another process is making it
 */
export async function makeFolder<T>(folder: string, work: (part: string) => T | Promise<T>): Promise<T> {
  const target = resolve(folder);
  checkTarget(target);
  mkdirSync(dirname(target), { recursive: true });
  removeLeftovers(target);
  const part = join(dirname(target), `${partPrefix(target)}${process.pid}`);
  mkdirSync(part);
  unfinished.add(part);
  const lock = takeLock(join(part, 'lock'));
  try {
    const result = await work(part);
    if ('release' in lock) lock.release();
    checkTarget(target);
    if (existsSync(target)) rmdirSync(target);
    renameSync(part, target);
    return result;
  } finally {
    if ('release' in lock) lock.release();
    rmSync(part, { recursive: true, force: true });
    unfinished.delete(part);
  }
}
