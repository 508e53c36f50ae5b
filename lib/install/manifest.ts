/** An entry's manifest, as `install` writes it: what the loader reads, and every file with its checksum. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST, type Manifest, readManifest } from '../libtorch';

/** A file of an entry. */
export interface EntryFile {
  /** Path in the entry, with `/` between its parts. */
  path: string;
  size: number;
  /** In hexadecimal digits. */
  sha256: string;
}

/** The whole manifest. */
export interface EntryManifest extends Manifest {
  /** Packages that it was filled from. */
  readonly packages: readonly { readonly name: string; readonly sha256: string | null }[];
  readonly files: readonly EntryFile[];
}

/** The manifest of an entry; undefined where the folder is none, or half of one, or names files outside of it. */
export function readEntry(folder: string): EntryManifest | undefined {
  if (readManifest(folder) === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as EntryManifest;
  const inside = (path: unknown): boolean => typeof path === 'string' && !/^\/|(^|\/)\.\.(\/|$)/.test(path);
  return Array.isArray(manifest.files) && manifest.files.every(({ path }) => inside(path)) ? manifest : undefined;
}

/** What is wrong with an entry, by a look at the sizes of its files; undefined where nothing is. */
export function entryProblem(folder: string): string | undefined {
  const manifest = readEntry(folder);
  if (manifest === undefined) return 'has no manifest: its installation did not end';
  for (const { path, size } of manifest.files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false });
    if (found?.size !== size) return `is damaged: ${path} ${found === undefined ? 'is missing' : 'has another size'}`;
  }
  return undefined;
}

/** Bytes of an entry's files. */
export function entrySize(folder: string): number {
  return (readEntry(folder)?.files ?? []).reduce((sum, { size }) => sum + size, 0);
}
