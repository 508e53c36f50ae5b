import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupProblem } from './problem.mjs';
import { askForTorch, fillVenv, missingPackages, sitePackages, venvPython } from './python.mjs';
import { readJson, writeJson } from './stamp.mjs';

// The rows of lib/libtorch/table.ts: of a clone, or of an installed package.
const table =
  readJson(fileURLToPath(new URL('../../lib/libtorch/minors.json', import.meta.url))) ??
  readJson(fileURLToPath(new URL('../../dist/libtorch/minors.json', import.meta.url)));

/** The minor versions of libtorch that the addon's sources compile against, oldest first. @type {string[]} */
export const MINORS = table.minors.map((/** @type {{ minor: string }} */ row) => row.minor);
const RANGE = `${MINORS[0]} to ${MINORS.at(-1)}`;

/**
 * The libtorch that the addon is built against and loads.
 * @typedef {object} Libtorch
 * @property {string} path a directory with include/ and lib/
 * @property {string} version such as '2.13.0+cpu'
 * @property {string} source how it was found, in words
 * @property {string | null} python a Python whose torch is this libtorch: the reference of the parity tests
 */

/** @param {string} version */
export function isSupported(version) {
  return MINORS.includes(version.split('.', 2).join('.'));
}

/**
 * Reads a libtorch directory's version without loading anything: from the wheel's version.py, the archive's
 * build-version, or the header.
 * @param {string} directory
 * @returns {string | undefined}
 */
export function libtorchVersion(directory) {
  const places = [
    { file: 'version.py', pattern: /^__version__ = '([^']+)'/m },
    { file: 'build-version', pattern: /^(\S+)/ },
    {
      file: 'include/torch/headeronly/version.h',
      pattern: /#define TORCH_VERSION\s*\\?\s*"([^"]+)"/,
    },
    {
      file: 'include/torch/csrc/api/include/torch/version.h',
      pattern: /#define TORCH_VERSION\s*\\?\s*"([^"]+)"/,
    },
  ];
  for (const { file, pattern } of places) {
    try {
      const found = pattern.exec(readFileSync(path.join(directory, file), 'utf8'))?.[1];
      if (found) return found;
    } catch {
      // The next place.
    }
  }
  return undefined;
}

/**
 * What a libtorch directory lacks; undefined when it is complete.
 * @param {string} directory
 */
export function missingFrom(directory) {
  const [prefix, suffix] = process.platform === 'darwin' ? ['lib', '.dylib'] : ['lib', '.so'];
  const needed = [
    ...['c10', 'torch_cpu'].map((name) => path.join('lib', `${prefix}${name}${suffix}`)),
    path.join('include', 'ATen', 'core', 'Tensor.h'),
    path.join('include', 'torch', 'csrc', 'api', 'include', 'torch', 'version.h'),
  ];
  return needed.find((file) => !existsSync(path.join(directory, file)));
}

/** @param {string} root */
export const chosenFile = (root) => path.join(root, 'build', 'libtorch.json');

/**
 * The step: finds libtorch, or installs it into .venv, and notes the choice in build/libtorch.json.
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<Libtorch>}
 */
export async function setUpLibtorch(context) {
  const chosen =
    fromEnvironment(context) ?? (await fromVenv(context)) ?? (await fromPath(context)) ?? (await installed(context));
  context.say(`${chosen.version} from ${chosen.source}`);
  const before = readJson(chosenFile(context.root));
  if (JSON.stringify(before) !== JSON.stringify(chosen)) writeJson(chosenFile(context.root), chosen);
  return chosen;
}

/** @param {import('./context.mjs').Context} context */
function fromEnvironment(context) {
  const given = context.env.ISOTORCH_LIBTORCH;
  if (!given) return undefined;
  const directory = path.resolve(context.root, given);
  const fix =
    'point it at a directory that holds include/ and lib/ (such as …/site-packages/torch), or unset it to let the set-up find one';
  if (!existsSync(directory)) throw new SetupProblem(`ISOTORCH_LIBTORCH is ${given}, which does not exist`, fix);
  const version = libtorchVersion(directory);
  if (!version) throw new SetupProblem(`ISOTORCH_LIBTORCH is ${given}, which is not a libtorch`, fix);
  if (!isSupported(version)) {
    throw new SetupProblem(
      `ISOTORCH_LIBTORCH is ${given}, which holds libtorch ${version}; isotorch needs ${RANGE}`,
      'point it at a supported version, or unset it to let the set-up install one',
    );
  }
  const missing = missingFrom(directory);
  if (missing) throw new SetupProblem(`ISOTORCH_LIBTORCH is ${given}, which is incomplete: ${missing} is missing`, fix);
  return {
    path: directory,
    version,
    source: 'ISOTORCH_LIBTORCH',
    python: pythonOf(context, directory),
  };
}

/**
 * The Python that a site-packages/torch directory belongs to, if it also has what the parity tests import.
 * @param {import('./context.mjs').Context} context
 * @param {string} directory
 */
function pythonOf(context, directory) {
  const venv = venvPython(context);
  const venvTorch = path.join(sitePackages(context) ?? '', 'torch');
  if (existsSync(venvTorch) && realpathSync(venvTorch) === realpathSync(directory)) return venv;
  const packages = path.dirname(directory);
  const python = path.resolve(packages, '..', '..', '..', 'bin', 'python3');
  if (path.basename(packages) !== 'site-packages' || !existsSync(python)) return null;
  return ['numpy', 'safetensors'].every((name) => existsSync(path.join(packages, name))) ? python : null;
}

/** @param {import('./context.mjs').Context} context */
async function fromVenv(context) {
  const packages = sitePackages(context);
  if (!packages) return undefined;
  const directory = path.join(packages, 'torch');
  const version = libtorchVersion(directory);
  if (!version) return undefined;
  // pip writes RECORD after the last file of a package: without it, the installation was cut short.
  const record = readdirSync(packages).some(
    (entry) => /^torch-.*\.dist-info$/.test(entry) && existsSync(path.join(packages, entry, 'RECORD')),
  );
  if (!record || missingFrom(directory)) return undefined;
  if (!isSupported(version)) {
    throw new SetupProblem(
      `.venv holds torch ${version}; isotorch needs ${RANGE}`,
      'delete .venv, then run the same command again',
    );
  }
  if (missingPackages(context).some((name) => name !== 'torch'))
    await fillVenv(context, { torch: false, optional: true });
  return { path: directory, version, source: '.venv', python: venvPython(context) };
}

/** @param {import('./context.mjs').Context} context */
async function fromPath(context) {
  const before = readJson(chosenFile(context.root));
  const known =
    before?.source === 'python3' && libtorchVersion(before.path) === before.version && !missingFrom(before.path);
  const found = known ? before : await askForTorch(context);
  if (!found) return undefined;
  const version = libtorchVersion(found.path);
  if (!version || !isSupported(version) || missingFrom(found.path)) return undefined;
  // The parity tests need a few packages next to that torch; a virtual environment on top of it keeps the user's own untouched.
  if (missingPackages(context).some((name) => name !== 'torch'))
    await fillVenv(context, { torch: false, optional: true });
  const complete = missingPackages(context).every((name) => name === 'torch');
  return {
    path: found.path,
    version,
    source: 'python3',
    python: complete ? venvPython(context) : null,
  };
}

/** @param {import('./context.mjs').Context} context */
async function installed(context) {
  await fillVenv(context, { torch: true, optional: false });
  const found = await fromVenv(context);
  if (found) return found;
  throw new SetupProblem(
    'torch was installed into .venv, but is not complete there',
    'delete .venv, then run the same command again',
  );
}
