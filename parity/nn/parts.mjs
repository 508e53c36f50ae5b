// The parts that are there: a file of parts/ each. It exports `run(context)`, which gives
// `{ done, all, failures }`: how many of its entries match Python, how many there are, and a line for each that does not.
import { readdirSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, 'parts');

/** @returns {string[]} */
export const partNames = () =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => path.basename(file, '.mjs'));

/** @param {string} name */
export const loadPart = (name) => import(path.join(FOLDER, `${name}.mjs`));
