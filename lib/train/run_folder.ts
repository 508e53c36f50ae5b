/** Numbered run folders: `runs/00000-split-joint`, `runs/00001-split`, … */
import { lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isSystemError, RunFailure } from './failure';

/**
 * Makes a folder and those above it. Node's own `recursive` never returns for a folder in `/proc`, where making one
 * fails as if the folder above were missing.
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(resolve(path));
  if (above !== resolve(path)) makeFolders(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in between.
    const exists = isSystemError(error) && error.code === 'EEXIST';
    if (!exists || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Creates and returns `<out>/<number>-<description>`, numbered one above the highest there. */
export function createRunFolder(out: string, description: string): string {
  makeFolders(out);
  for (;;) {
    const numbers = readdirSync(out).map((name) => Number(/^(\d{1,9})(-|$)/.exec(name)?.[1] ?? -1));
    const next = numbers.reduce((most, number) => Math.max(most, number + 1), 0);
    const folder = join(out, `${String(next).padStart(5, '0')}-${description}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      // Another process took the number between the two calls: look again.
      const taken =
        isSystemError(error) && error.code === 'EEXIST' && readdirSync(out).some((name) => folder.endsWith(name));
      if (!taken) throw error;
    }
  }
}

/** What a link in `folder` points to, whether that exists or not. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(realpathSync(dirname(path)), readlinkSync(path));
  }
}

/**
 * Refuses a run folder through which a run would read or write elsewhere: one that somebody else made may hold links
 * that lead out of it, pipes or devices.
 *
 * @throws RunFailure naming the first of them.
 */
export function checkRunFolder(folder: string): void {
  const root = realpathSync(folder);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const found = lstatSync(path);
    if (found.isFile() || found.isDirectory()) continue;
    const inside = found.isSymbolicLink() && !/^\.\.($|[/\\])/.test(relative(root, targetOf(path)));
    if (inside) continue;
    const what = found.isSymbolicLink()
      ? `a link to ${readlinkSync(path)}, outside of the run folder`
      : 'no regular file';
    throw new RunFailure(
      `${path} is ${what}: a run writes inside its own folder only. Replace it by a copy, or remove it.`,
    );
  }
}
