import { existsSync } from 'node:fs';
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

/**
 * The step: `npm ci`, unless node_modules is what the lock file says.
 * @param {import('./context.mjs').Context} context
 */
export async function setUpModules(context) {
  if (!staleModule(context.root)) {
    context.say('up to date');
    return;
  }
  context.say('installing with npm ci');
  needDisk(context, 600, 'node_modules');
  const npm = which(context, ['npm']);
  if (!npm) throw new SetupProblem('npm is not on PATH', 'install npm; it usually comes with Node');
  const { code, output } = await run(context, npm, ['ci', '--no-audit', '--no-fund']);
  if (code !== 0) throw explain(output, 'npm ci failed', 'look at the lines below, then run the same command again');
}
