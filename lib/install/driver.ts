/** The NVIDIA driver, and which CUDA it can serve. What the toolkit's compiler says does not matter: the driver decides. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** A graphics processor. */
export interface Gpu {
  name: string;
  /** Such as '9.0'; undefined where nothing tells. */
  capability: string | undefined;
}

/** The driver of this machine. */
export interface Driver {
  /** Such as '580.95.05'. */
  version: string;
  /** What told its version. */
  source: string;
  gpus: Gpu[];
}

/** Where the driver is looked for; tests put a folder of their own in place of the root. */
export interface DriverPlaces {
  root: string;
  env: NodeJS.ProcessEnv;
}

const here: DriverPlaces = { root: '/', env: process.env };

/** Folders where the driver's own library is put: distributions, NVIDIA's container runtime, WSL. */
const LIBRARY_FOLDERS = [
  'usr/lib/x86_64-linux-gnu',
  'usr/lib/aarch64-linux-gnu',
  'usr/lib64',
  'usr/lib',
  'usr/local/nvidia/lib64',
  'usr/lib/wsl/lib',
];

function kernelModule(root: string): string | undefined {
  try {
    return /Kernel Module.*?\s(\d+\.\d+(?:\.\d+)?)\s/.exec(
      readFileSync(join(root, 'proc/driver/nvidia/version'), 'utf8'),
    )?.[1];
  } catch {
    return undefined;
  }
}

function gpusOfKernel(root: string): Gpu[] {
  const folder = join(root, 'proc/driver/nvidia/gpus');
  try {
    return readdirSync(folder).flatMap((gpu) => {
      const name = /^Model:\s*(.+)$/m.exec(readFileSync(join(folder, gpu, 'information'), 'utf8'))?.[1]?.trim();
      return name === undefined ? [] : [{ name, capability: undefined }];
    });
  } catch {
    return [];
  }
}

/** The driver's library carries its version in its file's name. */
function library(root: string): string | undefined {
  for (const folder of LIBRARY_FOLDERS) {
    try {
      const version = /libcuda\.so\.(\d+\.\d+(?:\.\d+)?)$/.exec(realpathSync(join(root, folder, 'libcuda.so.1')))?.[1];
      if (version !== undefined) return version;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function nvidiaSmi(env: NodeJS.ProcessEnv): { version: string; gpus: Gpu[] } | undefined {
  const ask = ['--query-gpu=driver_version,name,compute_cap', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', ask, { env, encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) return undefined;
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(', '));
  const version = rows[0]?.[0];
  if (version === undefined || !/^\d+\.\d+/.test(version)) return undefined;
  const gpus = rows.map(([, name = 'GPU', capability]) => ({
    name,
    capability: capability !== undefined && /^\d+\.\d+$/.test(capability) ? capability : undefined,
  }));
  return { version, gpus };
}

/** The driver of this machine; undefined where there is none. */
export function findDriver({ root, env }: DriverPlaces = here): Driver | undefined {
  const smi = nvidiaSmi(env);
  if (smi !== undefined) return { ...smi, source: 'nvidia-smi' };
  const module = kernelModule(root);
  if (module !== undefined) return { version: module, source: '/proc/driver/nvidia/version', gpus: gpusOfKernel(root) };
  const version = library(root);
  return version === undefined ? undefined : { version, source: 'libcuda.so.1', gpus: [] };
}

/** First driver that runs every release of a major version of CUDA, newest first. */
const NEEDED: readonly { cuda: string; driver: number }[] = [
  { cuda: '13', driver: 580 },
  { cuda: '12', driver: 525 },
];

/** Oldest processors that builds for CUDA 13 have code for. */
const OLDEST_FOR_13 = 7.5;

/** What serves this machine best, and why. */
export interface Advice {
  /** Major version of CUDA; undefined for the CPU build. */
  cuda: string | undefined;
  /** One clause. */
  because: string;
}

/** The highest CUDA that a driver and its processors can run. */
export function adviceFor(driver: Driver | undefined): Advice {
  if (driver === undefined) return { cuda: undefined, because: 'no NVIDIA driver was found' };
  const major = Number.parseInt(driver.version, 10);
  const said = `the NVIDIA driver is ${driver.version}`;
  const best = NEEDED.find((row) => major >= row.driver);
  if (best === undefined) return { cuda: undefined, because: `${said}, and CUDA 12 needs 525 or newer` };
  const old = driver.gpus.find(({ capability }) => capability !== undefined && Number(capability) < OLDEST_FOR_13);
  if (best.cuda === '13' && old !== undefined) {
    return {
      cuda: '12',
      because: `builds for CUDA 13 have no code for the ${old.name} (capability ${old.capability})`,
    };
  }
  return { cuda: best.cuda, because: said };
}

/** Why a driver cannot run a build for this CUDA; undefined where it can. */
export function driverProblem(cuda: string, driver: Driver | undefined): string | undefined {
  const major = cuda.split('.')[0];
  const needed = NEEDED.find((row) => row.cuda === major)?.driver;
  if (driver === undefined) return `CUDA ${major} needs an NVIDIA driver, and none was found`;
  if (needed === undefined || Number.parseInt(driver.version, 10) >= needed) return undefined;
  return `CUDA ${major} needs an NVIDIA driver ${needed} or newer, and this one is ${driver.version}`;
}
