/** Fetching wheels by Python's own pip, with its index, its proxies and its certificates. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A Python whose pip works. */
export interface Pip {
  python: string;
  env: NodeJS.ProcessEnv;
}

/** How pip ended. */
export type Fetched = { wheels: string[] } | { problem: string };

/** The first Python here that has pip: of the active environment, or on PATH. */
export function findPip(env: NodeJS.ProcessEnv = process.env): Pip | undefined {
  const active = env.VIRTUAL_ENV ? [join(env.VIRTUAL_ENV, 'bin', 'python')] : [];
  const python = [...active, 'python3', 'python'].find((candidate) => {
    const { status } = spawnSync(candidate, ['-m', 'pip', '--version'], { env, stdio: 'ignore', timeout: 60_000 });
    return status === 0;
  });
  return python === undefined ? undefined : { python, env };
}

/**
 * Downloads wheels into a folder; nothing is installed.
 *
 * @param requirements As pip takes them, such as `torch===2.13.0+cpu`.
 * @param options More of pip's options, such as `--no-deps`.
 */
export function pipDownload(
  { python, env }: Pip,
  requirements: readonly string[],
  folder: string,
  options: readonly string[],
): Promise<Fetched> {
  mkdirSync(folder, { recursive: true });
  const always = ['--only-binary=:all:', '--disable-pip-version-check', '--no-input', '--retries=2', '--dest', folder];
  const child = spawn(python, ['-m', 'pip', 'download', ...always, ...options, ...requirements], {
    env: { ...env, PYTHONUTF8: '1' },
    // pip shows its progress on its output, and problems on its error stream. Nothing of it belongs to this command's output.
    stdio: ['ignore', process.stderr.isTTY ? 2 : 'ignore', 'pipe'],
  });
  // It would go on alone where only this process is told to end.
  const stop = () => child.kill();
  process.once('exit', stop);
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ problem: error.message }));
    child.once('close', (code) => {
      process.off('exit', stop);
      if (code === 0) resolve({ wheels: wheelsIn(folder) });
      else resolve({ problem: firstError(said) ?? `pip ended with ${code}` });
    });
  });
}

function wheelsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.whl'))
    .map((name) => join(folder, name));
}

/** What pip says first; what follows is advice that concerns installing. */
function firstError(said: string): string | undefined {
  const line = said.split('\n').find((candidate) => candidate.startsWith('ERROR: '));
  return line?.slice('ERROR: '.length).replace(/ \(from (versions|torch).*/, '');
}

/**
 * Options that have pip fetch for a Python other than its own: torch has no wheels for old ones, and none for the newest. The
 * libraries in them are the same.
 *
 * @param machine As wheels name it, such as `x86_64`.
 */
export function forUsualPython(machine: string): string[] {
  const newest = Array.from({ length: 24 }, (_, minor) => `manylinux_2_${minor + 5}_${machine}`);
  const older = ['manylinux1', 'manylinux2010', 'manylinux2014'].map((tag) => `${tag}_${machine}`);
  const platforms = [...newest, ...older].flatMap((tag) => ['--platform', tag]);
  return ['--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312', '--abi', 'none', ...platforms];
}

/** What a torch wheel's metadata asks of NVIDIA, as requirements for pip, conditions included. */
export function nvidiaRequirements(metadata: string): string[] {
  return [...metadata.matchAll(/^Requires-Dist: ((?:nvidia-|cuda-toolkit\b).*?)\s*$/gm)]
    .map(([, requirement]) => requirement!)
    .filter((requirement) => !/\bextra\s*==/.test(requirement));
}
