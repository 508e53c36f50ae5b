import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { SetupProblem } from './problem.mjs';
import { askForTorch, fillVenv, missingPackages, sitePackages, venvPython } from './python.mjs';
import { readJson, writeJson } from './stamp.mjs';

/**
 * The libtorch that the addon is built against and loads.
 * @typedef {object} Libtorch
 * @property {string} path a directory with include/ and lib/
 * @property {string} version such as '2.13.0+cpu'
 * @property {string} source how it was found, in words
 * @property {string | null} python a Python whose torch is this libtorch: the reference of the parity tests
 */

/** The loader, which knows what a libtorch is. Compiled by a step before, hence not imported at once. */
const loader = () => import('../../dist/libtorch/index.js');

/** A header that no build does without. @param {string} directory */
export const hasHeaders = (directory) => existsSync(path.join(directory, 'include', 'ATen', 'core', 'Tensor.h'));

/**
 * What a directory holds: a libtorch to build against, or what is wrong with it.
 * @param {string} directory
 * @returns {Promise<{ path: string, version: string } | { problem: string, version?: string }>}
 */
async function look(directory) {
  const { inspect, isSupported, RANGE } = await loader();
  const found = inspect(directory);
  const version = 'problem' in found ? found.version : found.libtorch.version;
  if (version !== undefined && !isSupported(version)) {
    return { problem: `holds libtorch ${version}; isotorch needs ${RANGE}`, version };
  }
  if ('problem' in found) return found;
  const { folder } = found.libtorch;
  if (!hasHeaders(folder)) return { problem: 'is incomplete: include/ATen is missing', version };
  return { path: folder, version: found.libtorch.version };
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
    (await fromEnvironment(context)) ??
    (await fromVenv(context)) ??
    (await fromPath(context)) ??
    (await installed(context));
  context.say(`${chosen.version} from ${chosen.source}`);
  const before = readJson(chosenFile(context.root));
  if (JSON.stringify(before) !== JSON.stringify(chosen)) writeJson(chosenFile(context.root), chosen);
  return chosen;
}

/** @param {import('./context.mjs').Context} context */
async function fromEnvironment(context) {
  const given = context.env.ISOTORCH_LIBTORCH;
  if (!given) return undefined;
  const found = await look(path.resolve(context.root, given));
  if ('problem' in found) {
    throw new SetupProblem(
      `ISOTORCH_LIBTORCH is ${given}, which ${found.problem}`,
      'point it at a directory that holds include/ and lib/ (such as …/site-packages/torch), or unset it to let the set-up find one',
    );
  }
  return { ...found, source: 'ISOTORCH_LIBTORCH', python: pythonOf(context, found.path) };
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
  const found = await look(path.join(packages, 'torch'));
  if (found.version === undefined) return undefined;
  // pip writes RECORD after the last file of a package: without it, the installation was cut short.
  const record = readdirSync(packages).some(
    (entry) => /^torch-.*\.dist-info$/.test(entry) && existsSync(path.join(packages, entry, 'RECORD')),
  );
  if (!record) return undefined;
  if ('problem' in found) {
    if (found.problem.startsWith('is incomplete')) return undefined;
    throw new SetupProblem(`.venv ${found.problem}`, 'delete .venv, then run the same command again');
  }
  if (missingPackages(context).some((name) => name !== 'torch'))
    await fillVenv(context, { torch: false, optional: true });
  return { ...found, source: '.venv', python: venvPython(context) };
}

/** @param {import('./context.mjs').Context} context */
async function fromPath(context) {
  const before = readJson(chosenFile(context.root));
  const noted = before?.source === 'python3' ? await look(before.path) : undefined;
  const same = noted !== undefined && !('problem' in noted) && noted.version === before.version;
  const place = same ? before : await askForTorch(context);
  const found = place && (await look(place.path));
  if (!found || 'problem' in found) return undefined;
  // The parity tests need a few packages next to that torch; a virtual environment on top of it keeps the user's own untouched.
  if (missingPackages(context).some((name) => name !== 'torch'))
    await fillVenv(context, { torch: false, optional: true });
  const complete = missingPackages(context).every((name) => name === 'torch');
  return { ...found, source: 'python3', python: complete ? venvPython(context) : null };
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
