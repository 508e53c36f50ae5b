// Runs the code generator into a folder of its own and compares: committed generated files must be what it makes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeContext } from './setup/context.mjs';
import { pins } from './setup/python.mjs';
import { findReference } from '../reference/index.mjs';

/**
 * How two folders differ, one sentence a file.
 * @param {string} committed
 * @param {string} fresh
 * @returns {string[]}
 */
export function folderDifferences(committed, fresh) {
  const files = (/** @type {string} */ folder) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      : [];
  const [old, made] = [files(committed), files(fresh)];
  const same = (/** @type {string} */ file) =>
    readFileSync(path.join(committed, file)).equals(readFileSync(path.join(fresh, file)));
  return [
    ...old.filter((file) => !made.includes(file)).map((file) => `${file}: the generator does not make it`),
    ...made.filter((file) => !old.includes(file)).map((file) => `${file}: is not there`),
    ...made.filter((file) => old.includes(file) && !same(file)).map((file) => `${file}: is out of date`),
  ].sort();
}

/** @param {string} root @returns {{ skipped?: string, problems: string[] }} */
export function checkGenerated(root) {
  const pinned = pins(makeContext({ root })).find(({ name }) => name === 'torch')?.version;
  const reference = findReference(root);
  if ('missing' in reference) return { skipped: reference.missing, problems: [] };
  if (reference.version.split('+')[0] !== pinned) {
    return { skipped: `they are made from torch ${pinned}, and ${reference.version} is set up`, problems: [] };
  }
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const fresh = mkdtempSync(path.join(root, 'build', 'generated-'));
  try {
    const generator = path.join(root, 'tools', 'codegen', 'generate.py');
    const { status, stdout, stderr, error } = spawnSync(reference.python, [generator, '--out', fresh], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) return { problems: [`the generator failed:\n${stdout}${stderr}${error?.message ?? ''}`] };
    return {
      problems: [...folderDifferences(path.join(root, 'lib', 'torch', 'generated'), fresh), ...compatProblems(root)],
    };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What is wrong with COMPAT.md, one sentence a line. @param {string} root @returns {string[]} */
function compatProblems(root) {
  const script = path.join(root, 'tools', 'compat', 'generate.mjs');
  const { status, stderr, error } = spawnSync(process.execPath, [script, '--check'], { cwd: root, encoding: 'utf8' });
  if (status === 0) return [];
  return `${stderr}${error?.message ?? ''}`.trim().split('\n');
}
