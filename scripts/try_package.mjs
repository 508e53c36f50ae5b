// `npm run try:package`: packs the package as it would be published, and tries it in empty projects as a new user would, with
// every package manager on every Node, scripts disabled. Prints a table; needs the registry, and minutes.
//
//   npm run try:package -- --node 24 --manager 'npm 12'     some only
//   npm run try:package -- --tarball isotorch-0.1.0.tgz     a package that is there
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as cases from './try_package/cases.mjs';
import { installTools, managerProgram, MANAGERS, NODES } from './try_package/tools.mjs';
import { packageProblems, packed } from './try_package/contents.mjs';
import { survey } from '../dist/libtorch/index.js';
import { root } from './tools.mjs';

const { values } = parseArgs({
  options: {
    node: { type: 'string', multiple: true, default: NODES },
    manager: { type: 'string', multiple: true, default: MANAGERS.map(({ name }) => name) },
    tarball: { type: 'string' },
  },
});

const aside = mkdtempSync(path.join(tmpdir(), 'isotorch-pack-'));
process.on('exit', () => rmSync(aside, { recursive: true, force: true }));

/** The lowest version that a range such as '^22.22.2||^24.15.0||>=26.0.0' has of a major one; undefined for none. */
function runsOn(/** @type {string} */ engines, /** @type {string} */ major) {
  return engines.split('||').some((range) => {
    const [, sign, least = '0'] = /^\s*(\^|>=)?\s*v?(\d+)/.exec(range) ?? [];
    return sign === '^' ? major === least : Number(major) >= Number(least);
  });
}

const libtorch = survey(root).choice?.libtorch.folder;
if (!libtorch) throw new Error('no libtorch here to try the package with: npm run setup');
const tarball = values.tarball ? path.resolve(values.tarball) : packed(aside);
const given = { tarball, env: { ISOTORCH_LIBTORCH: libtorch } };
console.log(`${path.basename(tarball)}: ${(statSync(tarball).size / 1e6).toFixed(2)} MB, with libtorch in ${libtorch}`);
installTools();

let failures = 0;
/** @param {string} name @param {string} problem @param {number} started */
function line(name, problem, started) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(34)}${seconds} s  ${problem === '' ? 'works' : `FAILS ${problem.replaceAll('\n', '\n    ')}`}`,
  );
  if (problem !== '') failures++;
}

/** @param {string} name @param {() => Promise<string> | string} work */
async function attempt(name, work) {
  const started = performance.now();
  try {
    line(name, await work(), started);
  } catch (error) {
    line(name, error instanceof Error ? error.message : String(error), started);
  }
}

await attempt('contents and sizes', () => packageProblems(tarball));
for (const major of values.node) {
  for (const manager of MANAGERS.filter(({ name }) => values.manager.includes(name))) {
    const name = `Node ${major}, ${manager.name}`;
    const { engines } = managerProgram(manager);
    if (runsOn(engines, major)) await attempt(name, () => cases.installAndRun(given, major, manager));
    else console.log(`${name.padEnd(34)}          ${manager.name} needs Node ${engines}`);
  }
}
await attempt('types, libraries checked', () => cases.types(given));
await attempt('esbuild bundles', () => cases.bundles(given));
await attempt('server bundle', () => cases.serverBundle(given));
await attempt("another system's lock file", () => cases.otherSystemsLock(given));
await attempt('blanks and letters in the path', () => cases.strangeFolder(given));
await attempt('npx isotorch', () => cases.commandLine(given));
process.exitCode = failures === 0 ? 0 : 1;
