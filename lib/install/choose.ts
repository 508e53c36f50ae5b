/** Which build is installed: what the command line says, else what the driver can serve. */
import { DEFAULT_VERSION, MINORS, minorOf, RANGE } from '../libtorch';
import { adviceFor, type Driver } from './driver';
import { InstallFailure } from './failure';

/** What the command line says of the build. */
export interface BuildWish {
  cpu?: boolean;
  /** Major version. */
  cuda?: '12' | '13';
  /** Minor or full version, such as '2.13' or '2.13.0'. */
  libtorch?: string;
}

/** A build, not yet found anywhere. */
export interface ChosenBuild {
  /** Release, such as '2.13.0'. */
  version: string;
  /** Major version of CUDA; undefined for the CPU build. */
  cuda: string | undefined;
  /** One clause: why this CUDA, or none. */
  because: string;
}

/** The release that a wish means. @throws InstallFailure where isotorch does not run on it */
function releaseOf(wish: string | undefined): string {
  if (wish === undefined) return DEFAULT_VERSION;
  const row = /^\d+\.\d+(\.\d+)?$/.test(wish) ? MINORS.find(({ minor }) => minor === minorOf(wish)) : undefined;
  if (row === undefined) throw new InstallFailure(`isotorch runs on libtorch ${RANGE}, not on ${wish}.`);
  return wish === row.minor ? row.pinned : wish;
}

/** The build to install. */
export function chooseBuild({ cpu, cuda, libtorch }: BuildWish, driver: () => Driver | undefined): ChosenBuild {
  const version = releaseOf(libtorch);
  if (cpu) return { version, cuda: undefined, because: 'asked for' };
  if (cuda !== undefined) return { version, cuda, because: 'asked for' };
  return { version, ...adviceFor(driver()) };
}
