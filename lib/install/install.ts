/** `isotorch install`: from a wish to an entry of the cache. */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cacheEntries, cacheFolder, isSupported, machineProblem, RANGE, servedBy, thisMachine } from '../libtorch';
import { takeLock } from '../system';
import { installBundle } from './bundle_unpack';
import { type BuildWish, type ChosenBuild, chooseBuild } from './choose';
import { type Driver, driverProblem, findDriver } from './driver';
import { fillEntry, makeDefault, sweep } from './entry';
import { fileFailure, InstallFailure } from './failure';
import { fetchWheels } from './fetch';
import { openGiven } from './given';
import { entryProblem, entrySize, readEntry } from './manifest';
import { archiveOrigin, type Origin } from './origin';
import { showProgress } from './progress';

/** What `isotorch install` is told. */
export interface InstallOptions extends BuildWish {
  /** File, folder or address. */
  from?: string;
  /** Folder to use in place of the cache. */
  dir?: string;
  /** Whether C++ headers come in, too: to build against this libtorch. */
  headers?: boolean;
  /** Whether an entry that is there is filled anew. */
  force?: boolean;
  /** Whether Python's pip may fetch. */
  pip?: boolean;
}

/** What was done. */
export interface Installed {
  entry: string;
  version: string;
  cuda: string | null;
  bytes: number;
  /** Whether it was there already. */
  present: boolean;
}

/** Tells the person at the terminal. */
export type Say = (line: string) => void;

/** A lock whose holder on another machine was not heard of for so long counts as left behind. */
const LEFT_AFTER = 5 * 60_000;

/** Waits until no other process fills this cache. */
async function lockCache(cache: string, say: Say): Promise<() => void> {
  for (let told = false; ; told = true) {
    const lock = takeLock(join(cache, 'install.lock'), { leftAfter: LEFT_AFTER });
    if ('release' in lock) return lock.release;
    if (!told) say(`another installation is at work (${lock.heldBy}); waiting until it has ended`);
    await wait(200);
  }
}

/** A whole entry of the cache for a build, that nothing need be fetched for. */
function presentEntry(cache: string, { version, cuda }: ChosenBuild, headers: boolean): string | undefined {
  return cacheEntries(cache).find((entry) => {
    const manifest = readEntry(entry);
    if (manifest === undefined || manifest.version.split('+')[0] !== version) return false;
    if (manifest.cuda?.split('.')[0] !== cuda) return false;
    return (
      entryProblem(entry) === undefined && (!headers || manifest.files.some(({ path }) => path.startsWith('include/')))
    );
  });
}

/** Takes an entry that is there; where it comes first already, nothing is written: the cache may be read-only. */
async function presentInstalled(cache: string, entry: string): Promise<Installed> {
  const { version, cuda } = readEntry(entry)!;
  if (cacheEntries(cache)[0] !== entry) await makeDefault(cache, entry);
  return { entry, version, cuda, bytes: entrySize(entry), present: true };
}

/** Version and CUDA of the libtorch that an opened package holds. */
async function identify(torch: Origin): Promise<{ version: string; cuda: string | null }> {
  const python = await torch.text(/^torch\/version\.py$/);
  const named = /^__version__ = '([^']+)'/m.exec(python ?? '')?.[1] ?? (await torch.text(/build-version$/))?.trim();
  const version = torch.known?.version ?? named;
  if (!version) throw new InstallFailure(`${torch.name} does not say its version.`);
  if (!isSupported(version)) {
    throw new InstallFailure(`${torch.name} is libtorch ${version}; isotorch runs on ${RANGE}.`);
  }
  if (torch.known !== undefined) return torch.known;
  const [, major, minor] = /\+cu(\d+)(\d)$/.exec(version) ?? [];
  const tagged = major === undefined ? null : `${major}.${minor}`;
  return { version, cuda: /^cuda\b.* = '([^']+)'/m.exec(python ?? '')?.[1] ?? tagged };
}

async function fill(cache: string, from: string, origins: readonly Origin[]): Promise<string> {
  try {
    const { version, cuda } = await identify(origins[0]!);
    return await fillEntry({ cache, version, cuda, from, origins, progress: showProgress('unpacking') });
  } finally {
    for (const origin of origins) origin.close();
  }
}

async function fromGiven(cache: string, from: string, headers: boolean): Promise<string> {
  const { given, discard } = await openGiven(from, cache, headers);
  try {
    if ('bundle' in given) return await installBundle(given.bundle, cache);
    return await fill(cache, from, given.origins);
  } finally {
    await discard();
  }
}

async function fromNetwork(
  cache: string,
  build: ChosenBuild,
  { headers = false, pip = true }: InstallOptions,
  say: Say,
): Promise<string> {
  const { wheels, from, discard } = await fetchWheels(build, { cache, pip, say });
  const origins: Origin[] = [];
  try {
    for (const wheel of wheels) origins.push(await archiveOrigin(wheel, headers));
    return await fill(cache, from, origins);
  } finally {
    for (const origin of origins) origin.close();
    await discard();
  }
}

/** What the person should know of the choice. */
function explain(build: ChosenBuild, driver: Driver | undefined, say: Say): void {
  const what = build.cuda === undefined ? 'the CPU build' : `the build for CUDA ${build.cuda}`;
  say(`libtorch ${build.version}, ${what} (${build.because})`);
  const problem = build.cuda === undefined ? undefined : driverProblem(build.cuda, driver);
  if (problem !== undefined) say(`note: ${problem}; until then it computes on the CPU`);
}

/**
 * Fills the cache with a libtorch, and makes it the one that programs take.
 *
 * @throws InstallFailure where that is not possible; the cache is then as it was.
 */
export async function install(options: InstallOptions, say: Say): Promise<Installed> {
  const { from, dir, headers = false, force = false } = options;
  const cache = dir === undefined ? cacheFolder() : resolve(dir);
  const problem = machineProblem(thisMachine(), servedBy(join(__dirname, '..', '..')));
  if (problem !== undefined) say(`note: ${problem}`);
  await mkdir(cache, { recursive: true }).catch((error) => {
    throw fileFailure(error, `making ${cache}`, cache);
  });
  let driver: Driver | undefined;
  const build = from === undefined ? chooseBuild(options, () => (driver = findDriver())) : undefined;
  if (build?.cuda !== undefined) driver ??= findDriver();
  if (build !== undefined) explain(build, driver, say);
  const taken = build === undefined || force ? undefined : presentEntry(cache, build, headers);
  if (taken !== undefined) {
    return presentInstalled(cache, taken).catch((error) => {
      throw fileFailure(error, 'choosing the entry', cache);
    });
  }
  const release = await lockCache(cache, say).catch((error) => {
    throw fileFailure(error, 'locking the cache', cache);
  });
  try {
    // Another process may have filled it while this one waited.
    const present = build === undefined || force ? undefined : presentEntry(cache, build, headers);
    if (present !== undefined) return await presentInstalled(cache, present);
    await sweep(cache);
    const entry =
      build === undefined ? await fromGiven(cache, from!, headers) : await fromNetwork(cache, build, options, say);
    await makeDefault(cache, entry);
    await rm(join(cache, 'downloads'), { recursive: true, force: true });
    const { version, cuda } = readEntry(entry)!;
    return { entry, version, cuda, bytes: entrySize(entry), present: false };
  } catch (error) {
    throw fileFailure(error, 'the installation', cache);
  } finally {
    release();
  }
}
