/** Where libtorch may be, in the order in which the loader looks, each place with the reason why it is not taken. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Addon, addonFor } from './addons';
import { cacheEntries, cacheFolder, readManifest } from './cache';
import { inspect, type Libtorch } from './inspect';
import { pythonTorches } from './python';
import { isSupported, RANGE } from './table';

/** What is looked through, in this order. */
export type Source = 'ISOTORCH_LIBTORCH' | 'the build' | 'the cache' | 'Python';

/** A place where libtorch was looked for. */
export interface Candidate {
  readonly source: Source;
  /** The folder; undefined where the source names none. */
  readonly folder: string | undefined;
  /** What led to the folder, where the source's name does not say it: 'VIRTUAL_ENV', '/usr/bin/python3'. */
  readonly through?: string;
  /** Version, as far as known. */
  readonly version?: string;
  /** The libtorch, where it can be loaded. */
  readonly libtorch?: Libtorch;
  /** The addon for it. */
  readonly addon?: Addon;
  /** Why it is not taken; undefined for one that can be. */
  readonly problem?: string;
}

/** What the search depends on. */
export interface Search {
  readonly packageFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly addons: readonly Addon[];
}

/** Whether there is an addon for what is in a folder. */
function judge(folder: string, { addons }: Search): Omit<Candidate, 'source' | 'folder'> {
  const found = inspect(folder);
  if ('problem' in found) return found;
  const { libtorch } = found;
  const { version } = libtorch;
  const addon = addonFor(addons, version);
  if (addon) return { version, libtorch, addon };
  if (!isSupported(version)) return { version, problem: `is libtorch ${version}; isotorch needs ${RANGE}` };
  const have = addons.map(({ minor }) => minor).filter((minor) => minor !== undefined);
  const only = have.length > 0 ? `; those here are for ${have.join(', ')}` : '';
  return { version, problem: `is libtorch ${version}, for which there is no addon${only}` };
}

function* given(search: Search): Generator<Candidate> {
  const source = 'ISOTORCH_LIBTORCH';
  const folder = search.env.ISOTORCH_LIBTORCH;
  if (!folder) yield { source, folder: undefined, problem: 'is not set' };
  else yield { source, folder: resolve(folder), ...judge(resolve(folder), search) };
}

/** Of a clone: the libtorch that the addon was built against. */
function* built(search: Search): Generator<Candidate> {
  const addon = search.addons.find(({ source }) => source !== 'prebuilds');
  if (addon === undefined) return;
  const notes = [
    join(dirname(addon.file), '..', 'libtorch.json'),
    join(search.packageFolder, 'build', 'libtorch.json'),
  ];
  const note = notes.find((file) => existsSync(file));
  if (note === undefined) return;
  try {
    const { path } = JSON.parse(readFileSync(note, 'utf8')) as { path: string };
    yield { source: 'the build', folder: path, ...judge(path, search) };
  } catch {
    yield { source: 'the build', folder: note, problem: 'cannot be read' };
  }
}

function* cached(search: Search): Generator<Candidate> {
  const source = 'the cache';
  const cache = cacheFolder(search.env);
  const entries = cacheEntries(cache);
  if (entries.length === 0) yield { source, folder: cache, problem: 'has no libtorch' };
  for (const folder of entries) {
    if (readManifest(folder)) yield { source, folder, ...judge(folder, search) };
    else yield { source, folder, problem: 'is half an entry: its installation did not end' };
  }
}

function* pythons(search: Search): Generator<Candidate> {
  let any = false;
  for (const { folder, through } of pythonTorches(search.env)) {
    any = true;
    yield { source: 'Python', folder, through, ...judge(folder, search) };
  }
  if (!any) yield { source: 'Python', folder: undefined, problem: 'no Python here has torch' };
}

/**
 * The places, one after the other; whoever stops early does not pay for the rest. A folder that `ISOTORCH_LIBTORCH` names is
 * the only one that counts: the others follow for whoever lists them.
 */
export function* candidates(search: Search): Generator<Candidate> {
  yield* given(search);
  yield* built(search);
  yield* cached(search);
  yield* pythons(search);
}
