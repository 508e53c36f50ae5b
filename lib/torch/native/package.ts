/** Folder of the package, and how its own files are told from the user's. */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';

// This file is part of dist/bundle.js in the package, and a file of its own where tests load the sources. In an ES module that
// a user's bundler made there is no __dirname, and no package around it: ISOTORCH_ADDON then says where the addon is.
const here = typeof __dirname === 'undefined' ? process.cwd() : __dirname;
const parents = [join(here, '..'), join(here, '..', '..', '..')];

/** The package's folder. */
export const packageFolder = parents.find((folder) => existsSync(join(folder, 'package.json'))) ?? join(here, '..');

const folders = ['dist', 'lib'].map((folder) => join(packageFolder, folder, sep));

/** Whether a line of a stack, or a file's name or address, names a file of the package. */
export function isOurs(place: string): boolean {
  return folders.some((folder) => place.includes(folder));
}
