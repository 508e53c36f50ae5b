/** Where Python keeps its torch. Found by looking at folders: starting Python takes longer than everything else at start-up. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const VERSIONED = /^python3\.\d+$/;

/** Folders of packages under a prefix such as a virtual environment's folder, or `/usr`. */
function packagesUnder(prefix: string): string[] {
  const library = join(prefix, 'lib');
  let names: string[];
  try {
    names = readdirSync(library);
  } catch {
    return [];
  }
  const versions = names.filter((name) => VERSIONED.test(name)).map((name) => join(library, name));
  const debian = names.includes('python3') ? [join(library, 'python3', 'dist-packages')] : [];
  return [...versions.flatMap((folder) => [join(folder, 'site-packages'), join(folder, 'dist-packages')]), ...debian];
}

/** What is named python3 on PATH, first the first. */
function pythonsOnPath(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, 'python3'))
    .filter((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Folders of packages of an interpreter: those of a virtual environment, of its installation, of the user. */
function packagesOf(python: string, env: NodeJS.ProcessEnv): string[] {
  const prefix = dirname(dirname(python));
  const settings = join(prefix, 'pyvenv.cfg');
  if (existsSync(settings)) {
    const outer = readFileSync(settings, 'utf8');
    const home = /^home *= *(.+)$/m.exec(outer)?.[1]?.trim();
    const sees = /^include-system-site-packages *= *true/m.test(outer) && home !== undefined;
    return [...packagesUnder(prefix), ...(sees ? packagesUnder(dirname(home)) : [])];
  }
  const real = realpathSync(python);
  const ofUser = packagesUnder(join(env.HOME || homedir(), '.local'));
  const installed = dirname(dirname(real));
  const local = installed === '/usr' ? packagesUnder('/usr/local') : [];
  // Of a system with several versions, the packages of this one.
  const version = /python3\.\d+$/.exec(real)?.[0];
  const fits = (folder: string) =>
    version === undefined || !/python3\.\d/.test(folder) || folder.includes(`/${version}/`);
  return [...ofUser, ...local, ...packagesUnder(installed)].filter(fits);
}

const hasTorch = (packages: string): boolean => existsSync(join(packages, 'torch', 'lib'));

/** A folder of Python's torch, and what led to it. */
export interface PythonTorch {
  readonly folder: string;
  readonly through: string;
}

/**
 * Folders of Python's torch, first the one that Python itself would take: of the active virtual environment, of the active
 * conda environment, of the python3 on PATH.
 */
export function* pythonTorches(env: NodeJS.ProcessEnv = process.env): Generator<PythonTorch> {
  const seen = new Set<string>();
  function* fresh(packages: readonly string[], through: string): Generator<PythonTorch> {
    for (const folder of packages) {
      if (seen.has(folder) || !hasTorch(folder)) continue;
      seen.add(folder);
      yield { folder: join(folder, 'torch'), through };
    }
  }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = env[name];
    if (prefix) yield* fresh(packagesUnder(prefix), name);
  }
  const pythons = pythonsOnPath(env);
  for (const python of pythons) yield* fresh(packagesOf(python, env), python);
  const [first] = pythons;
  if (seen.size === 0 && first !== undefined) yield* fresh(askPython(first, env), first);
}

const QUESTION = 'import importlib.util as u; s = u.find_spec("torch"); print(s.origin if s and s.origin else "")';

/** The folder of packages that Python itself names: the last resort, for version managers whose python3 is a script. */
function askPython(python: string, env: NodeJS.ProcessEnv): string[] {
  const { status, stdout } = spawnSync(python, ['-c', QUESTION], {
    encoding: 'utf8',
    env,
    timeout: 10_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const origin = status === 0 ? stdout.trim().split('\n').at(-1) : '';
  return origin ? [dirname(dirname(origin))] : [];
}
