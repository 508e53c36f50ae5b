/** The files of a folder, in Python's order, with what is wrong with some of them. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { isSystemError } from '../../system';
import { IMG_EXTENSIONS, inOrder } from '../folder';
import { DataError, type FileProblem } from './description';

/** What is in a folder and below it. Paths begin with the folder's. */
export interface Walked {
  /** Files whose names end as images' do. */
  readonly images: string[];
  /** Other files. */
  readonly ignored: string[];
  /** What cannot be looked at. */
  readonly problems: FileProblem[];
}

/** Endings of images that recipes do not read, but that can be converted. */
export const convertible: readonly string[] = ['.gif', '.avif', '.heic', '.heif', '.svg', '.jp2', '.jxl'];

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort(inOrder);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new DataError(`cannot read the folder ${folder}: ${cause.message}`, [], { cause });
  }
}

function add(walked: Walked, path: string): void {
  const ending = extname(path).toLowerCase();
  if (IMG_EXTENSIONS.includes(ending) || convertible.includes(ending)) walked.images.push(path);
  else walked.ignored.push(path);
}

function visit(walked: Walked, folder: string, above: readonly string[]): void {
  const real = realpathSync(folder);
  if (above.includes(real)) {
    walked.problems.push({ path: folder, reason: `a symbolic link that leads back to ${real}, which it is in` });
    return;
  }
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    try {
      if (statSync(path).isDirectory()) visit(walked, path, [...above, real]);
      else add(walked, path);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      walked.problems.push({ path, reason: linkReason(cause) });
    }
  }
}

function linkReason(error: Error & { code: string }): string {
  if (error.code === 'ELOOP') return 'a symbolic link that leads to itself';
  if (error.code === 'ENOENT') return 'a symbolic link to nothing';
  return error.message;
}

/** All files of a folder, links followed. @throws DataError where the folder cannot be read */
export function walk(folder: string): Walked {
  const walked: Walked = { images: [], ignored: [], problems: [] };
  namesIn(folder);
  visit(walked, folder, []);
  return walked;
}

/** Folders directly in a folder, in Python's order. */
export function foldersIn(folder: string): string[] {
  return namesIn(folder).filter((name) => isFolder(join(folder, name)));
}

/** False for what cannot be looked at, such as a link to itself. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A path from a folder on, for messages. */
export const below = (folder: string, path: string): string => relative(folder, path) || path;
