/** Filling an entry of the cache: aside, checked file by file, and put in its place when it is whole. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DEFAULT_FILE, entryFolder, MANIFEST, PART } from '../libtorch';
import { needRoom } from './disk';
import { fileFailure, InstallFailure } from './failure';
import type { EntryFile, EntryManifest } from './manifest';
import type { Origin } from './origin';
import type { Progress } from './progress';
import { syncFolder, writeDurably } from './sync';

/** What is filled. */
export interface Filling {
  cache: string;
  /** Full version, such as '2.13.0+cpu'. */
  version: string;
  cuda: string | null;
  /** What the person named, or where it was fetched. */
  from: string;
  origins: readonly Origin[];
  progress: Progress;
}

const parts = new Set<string>();

/** A path in the cache that no other process uses, for what is not whole yet. */
export function partPath(cache: string, name: string): string {
  const path = join(cache, `${PART}${name}-${process.pid}-${randomBytes(4).toString('hex')}`);
  parts.add(path);
  return path;
}

/** Removes what is not whole yet, at once: for a process that is told to end. */
export function removeParts(): void {
  for (const path of parts) rmSync(path, { recursive: true, force: true });
}

/** Removes what installations left when they were killed. To be called by who holds the cache's lock. */
export async function sweep(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((file) => file.startsWith(PART));
  await Promise.all(left.map((file) => rm(join(cache, file), { recursive: true, force: true })));
}

/** Copies or unpacks all files, and checks each one. */
async function gather({ origins, progress }: Filling, folder: string): Promise<EntryFile[]> {
  const total = origins.reduce((sum, { pieces }) => sum + pieces.reduce((bytes, { size }) => bytes + size, 0), 0);
  const files = new Map<string, EntryFile>();
  let done = 0;
  for (const origin of origins) {
    for (const piece of origin.pieces) {
      const { size, sha256 } = await origin.fetch(piece, join(folder, piece.to), (bytes) => {
        done += bytes;
        progress.at(done, total);
      });
      if (size !== piece.size || (piece.sha256 !== undefined && sha256 !== piece.sha256)) {
        throw new InstallFailure(
          `${origin.name} is damaged: ${piece.from} is not the file that its list of checksums names. Nothing of it is used; fetch it once more.`,
        );
      }
      files.set(piece.to, { path: piece.to, size, sha256 });
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Lets a process of its own load the libraries: a broken one ends that process. @throws InstallFailure in the linker's words. */
export async function tryLoading(folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(__dirname, 'try_loading.js'), folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // What these variables bring in is not what was installed.
    env: { ...process.env, LD_PRELOAD: '', LD_LIBRARY_PATH: '', NODE_OPTIONS: '' },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ended) => resolve(ended));
  });
  if (code === 0) return;
  const why = said.trim().replaceAll(folder, 'the new folder') || `it ended the process (${signal ?? code})`;
  throw new InstallFailure(`libtorch was unpacked, but this machine cannot load it, so nothing is installed: ${why}`);
}

/**
 * Fills an entry and puts it in its place, instead of one that is there. Until then the place is as it was, whatever happens.
 *
 * @returns The entry's folder.
 * @throws InstallFailure where a file is damaged, the disk is full, or the libraries do not load.
 */
export async function fillEntry(filling: Filling): Promise<string> {
  const { cache, version, cuda, from, origins } = filling;
  const entry = entryFolder(cache, version);
  const bytes = origins.flatMap(({ pieces }) => pieces).reduce((sum, { size }) => sum + size, 0);
  await needRoom(cache, bytes, `libtorch ${version}`);
  const part = partPath(cache, basename(entry));
  try {
    await mkdir(part);
    const files = await gather(filling, part);
    filling.progress.end();
    const manifest: EntryManifest = {
      version,
      cuda,
      from,
      sha256: origins[0]?.sha256 ?? null,
      installed: new Date().toISOString(),
      packages: origins.map(({ name, sha256 }) => ({ name: basename(name), sha256 })),
      files,
    };
    await tryLoading(part);
    await writeDurably(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncFolder(part);
    await putInPlace(part, entry);
    return entry;
  } catch (error) {
    filling.progress.end();
    await rm(part, { recursive: true, force: true });
    throw fileFailure(error, `unpacking libtorch ${version}`, cache);
  }
}

/** Renames a whole entry to its name. */
export async function putInPlace(part: string, entry: string): Promise<void> {
  if (existsSync(entry)) {
    // A process that has loaded the old one keeps its libraries until it ends.
    const old = `${part}-old`;
    await rename(entry, old);
    await rename(part, entry);
    await rm(old, { recursive: true, force: true });
  } else {
    await rename(part, entry);
  }
  await syncFolder(dirname(entry));
}

/** Makes an entry the one that the loader takes first. */
export async function makeDefault(cache: string, entry: string): Promise<void> {
  const part = partPath(cache, DEFAULT_FILE);
  await writeDurably(part, `${basename(entry)}\n`);
  await rename(part, join(cache, DEFAULT_FILE));
}
