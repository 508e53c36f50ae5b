// The Nodes and package managers to try the package with: from the registry, kept in build/try_package/ between runs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture, root } from '../tools.mjs';
import { readJson } from '../setup/stamp.mjs';

/** Major versions of Node to try. npm's `node` packages carry them. */
export const NODES = ['20', '22', '24', '26'];

/**
 * A package manager.
 * @typedef {object} Manager
 * @property {string} name
 * @property {string} package npm's package with the range
 * @property {string} program which of the package's programs
 * @property {(tarball: string) => string[]} add arguments that add the tarball to a project, running no scripts
 * @property {Record<string, string>} [files] what the project needs besides package.json
 * @property {boolean} [quiet] whether its output must not speak of scripts
 * @property {boolean} [plugged] whether programs are run by it, since there is no node_modules
 */

/** @type {Manager[]} */
export const MANAGERS = [
  { name: 'npm 10', package: 'npm@10', program: 'npm', add: (tarball) => ['install', '--ignore-scripts', tarball] },
  // No option: it runs no scripts, and says so of packages that have some.
  { name: 'npm 12', package: 'npm@12', program: 'npm', add: (tarball) => ['install', tarball], quiet: true },
  { name: 'pnpm 10', package: 'pnpm@10', program: 'pnpm', add: (tarball) => ['add', tarball], quiet: true },
  { name: 'pnpm 11', package: 'pnpm@11', program: 'pnpm', add: (tarball) => ['add', tarball], quiet: true },
  {
    name: 'yarn 1',
    package: 'yarn@1',
    program: 'yarn',
    add: (tarball) => ['add', '--ignore-scripts', `file:${tarball}`],
  },
  {
    name: 'yarn 4',
    package: '@yarnpkg/cli-dist@4',
    program: 'yarn',
    add: (tarball) => ['add', `isotorch@file:${tarball}`],
    files: {
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\nenableTelemetry: false\n',
      'yarn.lock': '',
    },
  },
  {
    name: 'yarn 4 PnP',
    package: '@yarnpkg/cli-dist@4',
    program: 'yarn',
    add: (tarball) => ['add', `isotorch@file:${tarball}`],
    files: { '.yarnrc.yml': 'nodeLinker: pnp\nenableScripts: false\nenableTelemetry: false\n', 'yarn.lock': '' },
    plugged: true,
  },
];

const folder = path.join(root, 'build', 'try_package');

/** @param {string} name */
const alias = (name) => name.replace(/\W+/g, '');

/** Installs what is not there yet. */
export function installTools() {
  const nodes = NODES.map((major) => [`node${major}`, `npm:node-${process.platform}-${process.arch}@${major}`]);
  const managers = MANAGERS.map(({ name, package: source }) => [alias(name), `npm:${source}`]);
  const dependencies = Object.fromEntries([...nodes, ...managers]);
  const file = path.join(folder, 'package.json');
  if (JSON.stringify(readJson(file)?.dependencies) === JSON.stringify(dependencies)) return;
  mkdirSync(folder, { recursive: true });
  const specs = Object.entries(dependencies).map(([name, source]) => `${name}@${source}`);
  writeFileSync(file, '{}');
  const { ok, output } = capture(['npm', 'install', '--prefix', folder, '--ignore-scripts', '--force', ...specs]);
  if (!ok) throw new Error(`the tools to try with cannot be installed:\n${output}`);
  writeFileSync(file, JSON.stringify({ private: true, dependencies }));
}

/** @param {string} major */
export const nodeProgram = (major) => path.join(folder, 'node_modules', `node${major}`, 'bin', 'node');

/** The file that starts a manager, and the Nodes that it says it runs on. @param {Manager} manager */
export function managerProgram({ name, program }) {
  const place = path.join(folder, 'node_modules', alias(name));
  const { bin, engines, version } = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8'));
  const file = path.join(place, typeof bin === 'string' ? bin : bin[program]);
  if (!existsSync(file)) throw new Error(`${name} has no program ${file}`);
  return { file, engines: /** @type {string} */ (engines?.node ?? '*'), version: /** @type {string} */ (version) };
}
