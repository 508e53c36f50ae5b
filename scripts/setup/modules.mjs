import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { atLeast, needDisk, run, which } from './context.mjs';
import { explain, SetupProblem } from './problem.mjs';
import { readJson } from './stamp.mjs';

export const OLDEST_NODE = '20.17';

/** @param {import('./context.mjs').Context} context */
export function checkNode({ nodeVersion }) {
  if (atLeast(nodeVersion, OLDEST_NODE)) return;
  throw new SetupProblem(
    `Node ${nodeVersion} is too old: ${OLDEST_NODE} or newer is needed`,
    'install a newer Node, for example from https://nodejs.org',
  );
}

/**
 * What node_modules lacks against package-lock.json: the first package that is absent or of another version, else undefined.
 * npm writes node_modules/.package-lock.json after everything else, so an interrupted installation has none.
 * @param {string} root
 * @returns {string | undefined}
 */
export function staleModule(root) {
  const wanted = readJson(path.join(root, 'package-lock.json'))?.packages ?? {};
  const present = readJson(path.join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!present) return 'node_modules';
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const have = present[name];
    // Packages for other platforms are in the lock file, but rightly not here.
    if (!have && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (have?.version !== entry.version || have?.integrity !== entry.integrity) return name;
    if (!existsSync(path.join(root, name, 'package.json'))) return name;
  }
  return undefined;
}

/** What the addon's build needs. An installed package has no development dependencies of its own. */
const BUILD_PACKAGES = ['cmake-js', 'node-api-headers', 'node-addon-api'];

/**
 * Build packages, as `name@range`, that are wanted by package.json and not in the package's node_modules.
 * @param {string} root
 * @returns {string[]}
 */
export function missingBuildPackages(root) {
  const { dependencies, devDependencies } = readJson(path.join(root, 'package.json')) ?? {};
  const wanted = Object.entries({ ...dependencies, ...devDependencies });
  return wanted
    .filter(([name]) => BUILD_PACKAGES.includes(name))
    .filter(([name]) => !existsSync(path.join(root, 'node_modules', name, 'package.json')))
    .map(([name, range]) => `${name}@${range}`);
}

/** @param {import('./context.mjs').Context} context @param {string[]} args @param {string} doing */
async function npm(context, args, doing) {
  context.say(`installing with npm ${doing}`);
  needDisk(context, 600, 'node_modules');
  const program = which(context, ['npm']);
  if (!program) throw new SetupProblem('npm is not on PATH', 'install npm; it usually comes with Node');
  const { code, output } = await run(context, program, [...args, '--no-audit', '--no-fund']);
  if (code !== 0)
    throw explain(output, `npm ${doing} failed`, 'look at the lines below, then run the same command again');
}

/**
 * Installs in a folder of its own and moves what came: in the package's folder npm would bring every development dependency,
 * or, told to leave those out, none of these.
 * @param {import('./context.mjs').Context} context @param {string[]} missing
 */
async function addBuildPackages(context, missing) {
  const aside = path.join(context.root, 'build', 'npm');
  mkdirSync(aside, { recursive: true });
  writeFileSync(path.join(aside, 'package.json'), '{}');
  await npm(context, ['install', '--prefix', aside, ...missing], 'install');
  const target = path.join(context.root, 'node_modules');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(path.join(aside, 'node_modules'))) {
    if (!existsSync(path.join(target, name))) {
      renameSync(path.join(aside, 'node_modules', name), path.join(target, name));
    }
  }
  rmSync(aside, { recursive: true });
}

/**
 * The step: `npm ci`, unless node_modules is what the lock file says. In an installed package, which npm packs without a
 * lock file, only what the addon's build needs is added.
 * @param {import('./context.mjs').Context} context
 */
export async function setUpModules(context) {
  if (!existsSync(path.join(context.root, 'package-lock.json'))) {
    const missing = missingBuildPackages(context.root);
    if (missing.length === 0) context.say('up to date');
    else await addBuildPackages(context, missing);
    return;
  }
  if (!staleModule(context.root)) {
    context.say('up to date');
    return;
  }
  await npm(context, ['ci'], 'ci');
}
