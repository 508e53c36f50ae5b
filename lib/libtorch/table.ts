/**
 * The versions of libtorch that isotorch runs on. The rows are `minors.json`, which scripts, tests and the generator read, too;
 * a new minor is one row there.
 */
import table from './minors.json';

/** A minor version of libtorch. */
export interface Minor {
  /** Such as '2.13': libtorch keeps its binary interface within it, and nowhere else. */
  readonly minor: string;
  /** The release of it that the addon is built and tested with. */
  readonly pinned: string;
  /** CUDA of the build that the Python registry's wheel carries. */
  readonly registryCuda: string;
}

/** The supported minors, oldest first. */
export const MINORS: readonly Minor[] = table.minors;

/** The release that types, tests and fixtures are made with, and that `isotorch install` takes when it is not told. */
export const DEFAULT_VERSION: string = table.default;

/** '2.13' of '2.13.0+cu130'. */
export function minorOf(version: string): string {
  return version.split('.', 2).join('.');
}

/** Whether the addon's sources compile against this version. */
export function isSupported(version: string): boolean {
  const minor = minorOf(version);
  return MINORS.some((row) => row.minor === minor);
}

/** '2.11 to 2.15'. */
export const RANGE = `${MINORS[0]?.minor} to ${MINORS.at(-1)?.minor}`;
