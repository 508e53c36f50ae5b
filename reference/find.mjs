import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** @typedef {{ python: string, version: string }} Found A Python, and the version of its torch. */
/** @typedef {Found | { missing: string }} Reference The reference Python, or why there is none. */

/** Asks without importing torch, which takes a second: the wheel's version file is read. */
const QUESTION = `
import importlib.util as u
s = u.find_spec("torch")
print(open(s.submodule_search_locations[0] + "/version.py").read() if s else "")`;

/** Same release: 2.13.0+cpu and 2.13.0 are the same sources. @param {string} version */
const release = (version) => version.split('+')[0];

/** @typedef {{ version: string, python: string | null }} Wanted The torch to compare with, and a Python that should have it. */

/** The libtorch that ISOTORCH_LIBTORCH names, where it is a Python's. @returns {Wanted | undefined} */
function givenLibtorch() {
  const given = process.env.ISOTORCH_LIBTORCH;
  const file = given && path.join(given, 'version.py');
  if (!file || !existsSync(file)) return undefined;
  const version = /__version__ = '([^']+)'/.exec(readFileSync(file, 'utf8'))?.[1];
  return version === undefined ? undefined : { version, python: path.resolve(given, '../../../../bin/python3') };
}

/** The libtorch that the set-up chose. @param {string} folder @returns {Wanted | undefined} */
function notedLibtorch(folder) {
  const noted = path.join(folder, 'build', 'libtorch.json');
  return existsSync(noted) ? JSON.parse(readFileSync(noted, 'utf8')) : undefined;
}

/**
 * The reference Python: one with the very torch release that ISOTORCH_LIBTORCH names, or else the set-up noted in
 * build/libtorch.json.
 * @param {string} [folder] a repository's root
 * @returns {Reference}
 */
export function findReference(folder = root) {
  const noted = notedLibtorch(folder);
  const wanted = givenLibtorch() ?? noted;
  if (wanted === undefined) return { missing: 'nothing is set up: npm run setup' };
  const candidates = [wanted.python, noted?.python ?? null, path.join(folder, '.venv', 'bin', 'python'), 'python3'];
  /** @type {Set<string>} */
  const seen = new Set();
  for (const python of new Set(candidates)) {
    if (python === null) continue;
    const { status, stdout } = spawnSync(python, ['-c', QUESTION], { encoding: 'utf8' });
    if (status !== 0) continue;
    const version = /__version__ = '([^']+)'/.exec(stdout)?.[1];
    if (version !== undefined && release(version) === release(wanted.version)) return { python, version };
    seen.add(version === undefined ? 'a Python without torch' : `a Python with torch ${version}`);
  }
  const what = seen.size > 0 ? [...seen].join(', ') : 'no Python';
  return { missing: `${what} found, torch ${release(wanted.version)} needed` };
}

/**
 * The command that runs a Python script beside the reference's torch.
 * @param {string} script its path from the root
 * @param {string[]} args
 * @returns {{ command: string, args: string[] }}
 * @throws where there is no reference Python
 */
export function scriptOf(script, ...args) {
  const reference = findReference();
  if ('missing' in reference) throw new Error(`${script} needs Python: ${reference.missing}`);
  return { command: reference.python, args: ['-u', path.join(root, script), ...args] };
}
