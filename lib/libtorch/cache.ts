/**
 * The layout of the cache that `npx isotorch install` fills and the loader reads.
 *
 *     <cache>/
 *       default                       name of the entry that the last `install` chose: one line
 *       libtorch-2.13.0+cpu/          an entry: `libtorch-<full version>`
 *         isotorch-libtorch.json      its manifest, written last: an entry without one is half an entry
 *         lib/                        libc10.so, libtorch_cpu.so, …; or torch/lib/ beside nvidia/, as in a Python's packages
 *       .part-<anything>/             being filled; renamed to an entry when it is whole
 *
 * An entry is filled in a folder `.part-…` of the same cache, its manifest is written last, and then it is renamed: two
 * installations at once end with one whole entry. `default` is written to a `.part-…` file and renamed, too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Name of an entry's manifest. */
export const MANIFEST = 'isotorch-libtorch.json';

/** Name of the file that names the entry of choice. */
export const DEFAULT_FILE = 'default';

/** Beginning of the names of what is being filled. */
export const PART = '.part-';

const PREFIX = 'libtorch-';

/** What a manifest says. */
export interface Manifest {
  /** Full version, such as '2.13.0+cu130'. */
  readonly version: string;
  /** CUDA version of the build, such as '13.0'; null for a CPU build. */
  readonly cuda: string | null;
  /** Where it came from: an address, a file, a folder. */
  readonly from: string;
  /** SHA-256 of the archive, where there was one. */
  readonly sha256: string | null;
  /** When it was filled, as an ISO date. */
  readonly installed: string;
}

/** The cache: `ISOTORCH_CACHE`, else `isotorch` in `XDG_CACHE_HOME`, else in `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.ISOTORCH_CACHE) return resolve(env.ISOTORCH_CACHE);
  // The specification of these folders has relative ones ignored.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'isotorch');
  return join(env.HOME || homedir(), '.cache', 'isotorch');
}

/** Folder of a version's entry. */
export function entryFolder(cache: string, version: string): string {
  return join(cache, PREFIX + version);
}

/** The manifest of an entry; undefined where there is none, or none that can be read: then the entry is not whole. */
export function readManifest(entry: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(entry, MANIFEST), 'utf8')) as Partial<Manifest>;
    return typeof manifest.version === 'string' ? (manifest as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** Folders of the cache's entries, whole or not: the one of choice first, then the others, newest version first. */
export function cacheEntries(cache: string): string[] {
  const names = namesIn(cache).filter((name) => name.startsWith(PREFIX));
  const chosen = chosenEntry(cache);
  names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return [...names.filter((name) => name === chosen), ...names.filter((name) => name !== chosen)].map((name) =>
    join(cache, name),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function chosenEntry(cache: string): string | undefined {
  try {
    return readFileSync(join(cache, DEFAULT_FILE), 'utf8').trim();
  } catch {
    return undefined;
  }
}
