// The subjects that are there: a file of cases/ each. It exports `part` (losses, networks or recipes), `python`, the file of
// test/reference/ that computes the same, and `cases`: by name a function of `{ steps }` that gives, or promises, tensors by key.
// A recipe's `steps` lists by name the numbers of steps to compare after.
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The parts of the closing line, in its order. */
export const PARTS = ['losses', 'networks', 'recipes'];

const FOLDER = path.join(import.meta.dirname, 'cases');

/** @returns {string[]} */
export const subjectNames = () =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => path.basename(file, '.mjs'))
    .sort();

/** @param {string} name */
export async function loadSubject(name) {
  const subject = await import(path.join(FOLDER, `${name}.mjs`));
  if (!PARTS.includes(subject.part)) throw new Error(`cases/${name}.mjs: part has to be one of ${PARTS.join(', ')}`);
  return subject;
}
