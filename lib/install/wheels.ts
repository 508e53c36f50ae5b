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

/**
 * Checksum and size of a file that came from somewhere else, by its name; undefined for one that is not in the list, or whose
 * address could not be tried when the list was made: then nothing says that others have the same bytes.
 */
export function pinnedFile(name: string): { sha256: string; size: number } | undefined {
  return pinnedBuilds.some(({ tried, wheels }) => tried && wheels.includes(name)) ? wanted(name) : undefined;
}
