/** What machines isotorch serves, and what it says on the others. Asked only after something failed, and by `isotorch doctor`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Facts of a machine. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Version of glibc; undefined where the C library is another one. */
  readonly glibc: string | undefined;
  /** Whether the CPU has AVX2; undefined where that is not known. */
  readonly avx2: boolean | undefined;
}

/** The machine this runs on. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  return { platform, arch, glibc: platform === 'linux' ? glibcVersion() : undefined, avx2: hasAvx2() };
}

function glibcVersion(): string | undefined {
  // Without this the report looks up the names of open connections, which may take seconds. Node 20's types do not have it.
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  report.excludeNetwork = before;
  return header.glibcVersionRuntime;
}

function hasAvx2(): boolean | undefined {
  if (process.arch !== 'x64') return undefined;
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    return flags === undefined ? undefined : /\bavx2\b/.test(flags);
  } catch {
    return undefined;
  }
}

/** Whether a version such as '2.34' is below another. */
function isBelow(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = least.split('.').map(Number);
  return major < needMajor || (major === needMajor && minor < needMinor);
}

/** Oldest glibc of libtorch's own builds. */
const LIBTORCH_GLIBC = '2.28';

/** What the package brings for machines. */
export interface Served {
  /** The oldest glibc that its addons load on. */
  readonly glibc: string;
  /** Kinds of machines that it has addons for, such as 'linux-x64'. */
  readonly places: readonly string[];
}

/** Reads `prebuilds/prebuilds.json`; a package without it, such as a clone, has no addons to serve. */
export function servedBy(packageFolder: string): Served {
  let addons: { file: string; glibc: string }[] = [];
  try {
    ({ addons } = JSON.parse(readFileSync(join(packageFolder, 'prebuilds', 'prebuilds.json'), 'utf8')));
  } catch {
    // Nothing is listed.
  }
  const newest = (one: string, other: string) => (isBelow(one, other) ? other : one);
  return {
    glibc: addons.map(({ glibc }) => glibc).reduce(newest, LIBTORCH_GLIBC),
    places: [...new Set(addons.map(({ file }) => file.split('/')[0] ?? ''))],
  };
}

const FROM_SOURCE = '"npm run setup" in the package\'s folder builds one, against the torch of Python';

/** Why this machine is not served, or served with a reservation: one sentence; undefined where nothing is to be said. */
export function machineProblem(machine: Machine, { glibc: least, places }: Served): string | undefined {
  const { platform, arch, glibc, avx2 } = machine;
  const isServed = places.includes(`${platform}-${arch}`);
  if (platform === 'win32') return 'Windows is not served: isotorch runs on Linux x64 with glibc, which WSL 2 is.';
  if (platform !== 'linux' && platform !== 'darwin') {
    return `${platform} is not served: isotorch runs on Linux x64 with glibc.`;
  }
  if (platform === 'linux' && glibc === undefined) {
    return 'musl (Alpine Linux) is not served: libtorch needs glibc, which images such as node:24-bookworm-slim have.';
  }
  if (glibc !== undefined && isBelow(glibc, least)) {
    return `glibc ${glibc} is too old: isotorch needs ${least} or newer (Debian 12, Ubuntu 22.04, RHEL 9).`;
  }
  if (!isServed && platform === 'darwin') return `macOS has no prebuilt addon: ${FROM_SOURCE}.`;
  if (!isServed && arch !== 'x64') return `Linux on ${arch} has no prebuilt addon: ${FROM_SOURCE}.`;
  if (avx2 === false) {
    return 'This CPU has no AVX2: libtorch falls back to slower kernels, whose bits differ from those of other machines.';
  }
  return undefined;
}
