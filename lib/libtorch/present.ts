/** Which libtorch is in the process already, and which ones lie where the dynamic linker would look. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

const MAPPED = /\/.*(?=\/lib(?:c10|torch|torch_cpu)\.so)/;

/** Folders of the libtorch libraries in this process, as the system names them; empty where it does not tell. */
export function loadedFolders(): string[] {
  let maps: string;
  try {
    maps = readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return [];
  }
  const folders = new Set<string>();
  for (const line of maps.split('\n')) {
    const folder = MAPPED.exec(line)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders];
}

/** Whether two names mean one folder. */
export function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return one === other;
  }
}

/** A libtorch that an environment variable puts in the dynamic linker's way. */
export interface Decoy {
  readonly variable: 'LD_LIBRARY_PATH' | 'LD_PRELOAD';
  readonly file: string;
}

/**
 * What `LD_LIBRARY_PATH` and `LD_PRELOAD` would have the linker take, but for the one in `folder`. The loader names files, so the
 * former never comes in; what the latter names is in the process before the loader runs.
 */
export function decoys(env: NodeJS.ProcessEnv, folder?: string): Decoy[] {
  const searched = (env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean);
  const found: Decoy[] = searched
    .map((place) => join(resolve(place), 'libtorch_cpu.so'))
    .filter((file) => existsSync(file))
    .map((file) => ({ variable: 'LD_LIBRARY_PATH', file }));
  const preloaded = (env.LD_PRELOAD ?? '')
    .split(/[\s:]+/)
    .filter((file) => /\/lib(c10|torch|torch_cpu)\.so/.test(file));
  found.push(...preloaded.map((file) => ({ variable: 'LD_PRELOAD' as const, file })));
  return found.filter(({ file }) => folder === undefined || !isSameFolder(dirname(file), folder));
}
