/** The wheels that are fetched without Python, each with its checksum. The rows are generated. */
import { type PinnedBuild, pinnedBuilds, type PinnedWheel, pinnedWheels } from './pinned';
import type { Wanted } from './download';

/** A build that can be fetched without Python. */
export interface Build extends PinnedBuild {
  readonly files: readonly (Wanted & { name: string; sha256: string; size: number })[];
}

const ADDRESS = 'https://files.pythonhosted.org/packages/';

function wanted(name: string): Build['files'][number] {
  const { url, sha256, size } = pinnedWheels[name as keyof typeof pinnedWheels] as PinnedWheel;
  return { name, url: /^https:/.test(url) ? url : ADDRESS + url + name, sha256, size };
}

/** '13' of '13.2'. */
const majorOf = (cuda: string | null): string | undefined => cuda?.split('.')[0];

/**
 * The build of a release.
 *
 * @param cuda Major version; undefined for the CPU build.
 */
export function pinnedBuild(
  version: string,
  cuda: string | undefined,
  platform = `${process.platform}-${process.arch}`,
): Build | undefined {
  const build = pinnedBuilds.find(
    (row) => row.version === version && majorOf(row.cuda) === cuda && row.platform === platform,
  );
  return build && { ...build, files: build.wheels.map(wanted) };
}

/** The pinned checksum and size of a file that is somewhere else, too, by its name. */
export function pinnedFile(name: string): { sha256: string; size: number } | undefined {
  return Object.hasOwn(pinnedWheels, name) ? wanted(name) : undefined;
}
