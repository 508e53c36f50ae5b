import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * One hash over what a step depends on: every given file (folders are walked) and some text.
 * @param {string} root
 * @param {string[]} inputs files and folders, relative to root
 * @param {string[]} facts versions, paths, options
 */
export function fingerprint(root, inputs, facts = []) {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap((input) => walk(root, input)).sort()) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  for (const fact of facts) hash.update(`\0${fact}`);
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} input
 * @returns {string[]}
 */
function walk(root, input) {
  const absolute = path.join(root, input);
  /** @type {import('node:fs').Dirent[]} */
  let entries;
  try {
    entries = readdirSync(absolute, { withFileTypes: true });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') return [input];
    throw error;
  }
  return entries
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== '__pycache__')
    .flatMap((entry) => walk(root, path.join(input, entry.name)));
}

/**
 * @param {string} file
 * @returns {any} undefined where there is no readable JSON
 */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Written whole or not at all, so that an interruption never leaves half a stamp.
 * @param {string} file
 * @param {unknown} value
 */
export function writeJson(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, `${JSON.stringify(value, null, 2)}\n`);
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
}
