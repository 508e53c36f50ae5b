/** The addons that are here: one for each minor of libtorch, and beside it one for each major version of CUDA. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { minorOf } from './table';

/** An addon that could be loaded. */
export interface Addon {
  readonly file: string;
  /** Minor of libtorch that it was built for; undefined where it does not say so: then it is not an addon of isotorch. */
  readonly minor: string | undefined;
  /** What named it: the variable `ISOTORCH_ADDON`, a clone's build, or the package's content. */
  readonly source: 'ISOTORCH_ADDON' | 'build' | 'prebuilds';
}

/** Text in every addon, before the version of libtorch that it was compiled for: see native/addon.cpp. */
const MARK = 'isotorch addon for libtorch ';

/** Where linkers for ELF put notes: in the first page. */
const HEAD = 4096;

/** The minor that an addon's file says it is for. */
function markedMinor(file: string): string | undefined {
  try {
    return minorIn(readHead(file)) ?? minorIn(readFileSync(file));
  } catch {
    return undefined;
  }
}

function readHead(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD, 0));
  } finally {
    closeSync(descriptor);
  }
}

function minorIn(content: Buffer): string | undefined {
  const start = content.indexOf(MARK) + MARK.length;
  if (start < MARK.length) return undefined;
  return minorOf(content.toString('latin1', start, content.indexOf(0, start)));
}

/** The folder of the package's addons for this kind of machine. */
export function prebuildsFolder(packageFolder: string): string {
  return join(packageFolder, 'prebuilds', `${process.platform}-${process.arch}`);
}

function prebuilt(packageFolder: string): Addon[] {
  const folder = prebuildsFolder(packageFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const minor = /^isotorch\.libtorch(\d+\.\d+)\.node$/.exec(name)?.[1];
    return minor === undefined ? [] : [{ file: join(folder, name), minor, source: 'prebuilds' as const }];
  });
}

/** The addons to choose from. The variable names the only one; else a clone's build comes before the package's content. */
export function findAddons(packageFolder: string, env: NodeJS.ProcessEnv = process.env): Addon[] {
  const built = join(packageFolder, 'build', 'Release', 'isotorch.node');
  const given = env.ISOTORCH_ADDON;
  if (given) return [{ file: given, minor: markedMinor(given), source: 'ISOTORCH_ADDON' }];
  const clone: Addon[] = existsSync(built) ? [{ file: built, minor: markedMinor(built), source: 'build' }] : [];
  return [...clone, ...prebuilt(packageFolder)];
}

/** The addon for a version of libtorch. */
export function addonFor(addons: readonly Addon[], version: string): Addon | undefined {
  const minor = minorOf(version);
  return addons.find((addon) => addon.minor === minor);
}

/** The second addon, for what needs CUDA's own headers: beside the first; undefined where there is none for this CUDA. */
export function cudaAddonBeside(addon: Addon, cuda: string | undefined): string | undefined {
  if (!cuda) return undefined;
  const untagged = basename(addon.file) === 'isotorch.node';
  const name = untagged ? 'isotorch_cuda.node' : `isotorch_cuda.libtorch${addon.minor}.cuda${cuda.split('.')[0]}.node`;
  const file = join(dirname(addon.file), name);
  return existsSync(file) ? file : undefined;
}
