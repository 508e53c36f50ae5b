import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { atLeast, needDisk, run, which } from './context.mjs';
import { explain, SetupProblem } from './problem.mjs';

export const OLDEST_PYTHON = '3.11';
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
const MARK = 'made-by-isotorch';

/** @param {import('./context.mjs').Context} context */
export const venvPython = (context) => path.join(context.root, '.venv', 'bin', 'python');

/** @param {import('./context.mjs').Context} context */
export const requirementsFile = (context) => path.join(context.root, 'test', 'python', 'requirements.txt');

/**
 * .venv's package folder, or undefined where there is no usable .venv.
 * @param {import('./context.mjs').Context} context
 */
export function sitePackages(context) {
  const library = path.join(context.root, '.venv', 'lib');
  if (!existsSync(venvPython(context)) || !existsSync(library)) return undefined;
  const version = readdirSync(library).find((entry) => /^python3\.\d+$/.test(entry));
  const packages = version && path.join(library, version, 'site-packages');
  return packages && existsSync(packages) ? packages : undefined;
}

/**
 * The pinned packages that .venv does not have, by name. Reads folder names only: starting Python takes longer than
 * everything else an idle set-up does.
 * @param {import('./context.mjs').Context} context
 */
export function missingPackages(context) {
  const packages = sitePackages(context);
  const plain = (/** @type {string} */ name) => name.toLowerCase().replace(/[-_.]+/g, '_');
  /** @type {Map<string, string>} */
  const have = new Map();
  for (const entry of packages ? readdirSync(packages) : []) {
    const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(entry) ?? [];
    // pip writes RECORD last: without it, the package is only half there.
    if (!packages || !name || !version || !existsSync(path.join(packages, entry, 'RECORD'))) continue;
    have.set(plain(name), version);
  }
  return pins(context)
    .filter(({ name, version }) => have.get(plain(name))?.split('+')[0] !== version)
    .map(({ name }) => name);
}

/**
 * The pinned packages that are wanted: of an installed package, which has no tests, torch alone.
 * @param {import('./context.mjs').Context} context
 */
export function pins(context) {
  const installed = path.basename(path.dirname(context.root)) === 'node_modules';
  return readFileSync(requirementsFile(context), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^([A-Za-z0-9._-]+)==(\S+)/.exec(line);
      return match?.[1] && match[2] ? [{ name: match[1], version: match[2] }] : [];
    })
    .filter(({ name }) => !installed || name === 'torch');
}

/**
 * A Python new enough for us, from PATH.
 * @param {import('./context.mjs').Context} context
 */
export async function findPython(context) {
  let tooOld = '';
  for (const name of PYTHONS) {
    const python = which(context, [name]);
    if (!python) continue;
    const { code, output } = await run(context, python, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']);
    const version = output.trim();
    if (code === 0 && atLeast(version, OLDEST_PYTHON)) return { python, version };
    tooOld ||= version;
  }
  const fix = `install Python ${OLDEST_PYTHON} or newer with venv and pip (for example: sudo apt-get install python3 python3-venv), or set ISOTORCH_LIBTORCH to a libtorch you have`;
  throw new SetupProblem(
    tooOld
      ? `Python is too old: ${tooOld}, but ${OLDEST_PYTHON} or newer is needed`
      : 'no Python found on PATH, and libtorch is installed with it',
    fix,
  );
}

/**
 * Where PATH's Python keeps its torch, if it has one. Asks without importing torch, which takes a second.
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<{ path: string } | undefined>}
 */
export async function askForTorch(context) {
  const python = which(context, ['python3']);
  if (!python) return undefined;
  const question = 'import importlib.util as u; s = u.find_spec("torch"); print(s.origin if s and s.origin else "")';
  const { code, output } = await run(context, python, ['-c', question]);
  const origin = output.trim().split('\n').at(-1);
  return code === 0 && origin ? { path: path.dirname(origin) } : undefined;
}

/**
 * Installs the pinned packages into .venv, which it makes if needed.
 * @param {import('./context.mjs').Context} context
 * @param {{ torch: boolean, optional: boolean }} what torch: that too, or use the torch of PATH's Python (or the one
 *   already in .venv); optional: a failure is a warning, because libtorch itself is there
 */
export async function fillVenv(context, { torch, optional }) {
  try {
    if (torch) needDisk(context, 2500, 'torch');
    if (torch) context.say('installing torch into .venv (minutes, once)');
    else context.say('installing the Python packages of the parity tests into .venv');
    await makeVenv(context, { overSystem: !torch });
    const names = torch ? pins(context) : pins(context).filter(({ name }) => name !== 'torch');
    const pinned = names.map((pin) => `${pin.name}==${pin.version}`);
    const wanted = torch ? pinned : ['--ignore-installed', ...pinned];
    const patience = optional ? ['--retries', '1', '--timeout', '20'] : [];
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...patience, ...wanted];
    const { code, output } = await run(context, venvPython(context), pip);
    if (code !== 0) throw pipProblem(output);
  } catch (error) {
    if (!optional || !(error instanceof SetupProblem)) throw error;
    context.warn(`the parity tests will be skipped: ${error.message}; ${error.fix}`);
  }
}

/** @param {string} output */
function pipProblem(output) {
  // Said both when the registry is out of reach and when it has no build for this Python; only the former has network errors too.
  const outside = explain(
    output,
    'pip could not install the Python packages',
    'look at the lines below, then run the same command again',
  );
  if (!/No matching distribution/.test(output) || outside.message.includes(': ')) return outside;
  return new SetupProblem(
    'pip finds no build of a pinned package for this Python and machine',
    'use a Python between 3.11 and 3.14 on Linux or macOS, or set ISOTORCH_LIBTORCH to a libtorch you have',
    output,
  );
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {{ overSystem: boolean }} options overSystem: packages of PATH's Python stay visible inside
 */
async function makeVenv(context, { overSystem }) {
  const directory = path.join(context.root, '.venv');
  const mark = path.join(directory, MARK);
  if (existsSync(mark) && !sound(context)) rmSync(directory, { recursive: true, force: true });
  if (sound(context)) return;
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && !existsSync(directory)) {
    throw new SetupProblem(
      `.venv is a link to ${readlinkSync(directory)}, which does not exist`,
      'delete .venv, then run the same command again',
    );
  }
  if (found) {
    throw new SetupProblem(
      '.venv is half made, or holds a half-installed torch, and was not made by this set-up',
      'delete .venv, then run the same command again',
    );
  }
  const { python } = await findPython(context);
  // Marked first, so that an interruption leaves a folder that the next run may delete.
  mkdirSync(directory);
  writeFileSync(mark, 'The set-up may delete this folder and make it again.\n');
  const args = ['-m', 'venv', ...(overSystem ? ['--system-site-packages'] : []), directory];
  const { code, output } = await run(context, python, args);
  if (code !== 0 || !existsSync(venvPython(context))) {
    rmSync(directory, { recursive: true, force: true });
    if (/ensurepip|No module named venv|No module named pip/.test(output)) {
      throw new SetupProblem(
        'Python lacks its venv or pip module',
        'install them (for example: sudo apt-get install python3-venv)',
        output,
      );
    }
    throw explain(output, 'a Python virtual environment could not be made in .venv', 'look at the lines below');
  }
}

/**
 * Whether pip can go on in this .venv: its Python and pip are there, and no package was left half installed.
 * @param {import('./context.mjs').Context} context
 */
function sound(context) {
  const packages = sitePackages(context);
  if (!packages || !existsSync(path.join(packages, 'pip'))) return false;
  const entries = readdirSync(packages);
  const halfDone = entries.some(
    (entry) => entry.endsWith('.dist-info') && !existsSync(path.join(packages, entry, 'RECORD')),
  );
  const torchWhole = !entries.includes('torch') || entries.some((entry) => /^torch-.*\.dist-info$/.test(entry));
  return !halfDone && torchWhole;
}
