/** Which files npm puts into a package. */
import { spawnSync } from 'node:child_process';
import { InstallFailure } from './failure';

/** Paths of the files that a package's folder is published with, as npm lists them. */
export function packedFiles(folder: string): string[] {
  // A folder that npm installed has scripts whose tools are not there; npm need not run any.
  const { status, stdout, stderr, error } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status !== 0) {
    throw new InstallFailure(`npm does not list the package in ${folder}: ${error?.message ?? stderr.trim()}`);
  }
  // npm up to 11 gives a list of packages, npm 12 an object by name.
  const packages = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
  return packages.flatMap(({ files }) => files.map(({ path }) => path));
}
