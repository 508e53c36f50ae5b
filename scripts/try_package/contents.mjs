// What is in the packed package, and how much of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { atLeast } from '../setup/context.mjs';
import { capture } from '../tools.mjs';

/** What docs/libtorch.md promises: newer symbols would leave systems out. */
const GLIBC = '2.34';

/** Limits of the packed sizes, in bytes. */
const MOST = 20e6;
const MOST_WITHOUT_ADDONS = 3e6;

/** Packs the package into a folder. @param {string} folder @returns {string} the tarball */
export function packed(folder) {
  const { ok, output } = capture(['npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  if (!ok) throw new Error(`npm pack: ${output}`);
  return path.join(folder, output.trim().split('\n').at(-1) ?? '');
}

/** The files of a tarball, by name below the package's folder. @param {string} tarball @returns {Map<string, Buffer>} */
export function filesOf(tarball) {
  const bytes = gunzipSync(readFileSync(tarball));
  const files = new Map();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const text = (/** @type {number} */ start, /** @type {number} */ length) =>
      bytes.toString('utf8', at + start, at + start + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8);
    const name = path.posix.join(text(345, 155), text(0, 100));
    files.set(name.replace(/^package\//, ''), bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** @param {string} tarball @returns {string} what is wrong with the contents, or '' */
export function packageProblems(tarball) {
  const files = filesOf(tarball);
  const names = [...files.keys()];
  const all = readFileSync(tarball).length;
  const addons = names.filter((name) => name.endsWith('.node'));
  const rest = gzipSync(
    Buffer.concat(names.filter((name) => !name.endsWith('.node')).map((name) => files.get(name) ?? Buffer.alloc(0))),
  ).length;
  const problems = [];
  if (all > MOST) problems.push(`${all} bytes are more than ${MOST}`);
  if (rest > MOST_WITHOUT_ADDONS) problems.push(`without addons ${rest} bytes are more than ${MOST_WITHOUT_ADDONS}`);
  if (files.has('binding.gyp')) problems.push('binding.gyp: npm would start node-gyp');
  if (addons.length === 0) problems.push('no addon: npm run prebuild');
  const listed = JSON.parse(files.get('prebuilds/prebuilds.json')?.toString() ?? '{"addons": []}').addons;
  const newer = listed.filter((/** @type {{ glibc: string }} */ { glibc }) => !atLeast(GLIBC, glibc));
  for (const { file, glibc } of newer) problems.push(`${file} needs glibc ${glibc}, newer than ${GLIBC}`);
  const missing = listed.filter((/** @type {{ file: string }} */ { file }) => !files.has(`prebuilds/${file}`));
  if (missing.length > 0 || listed.length !== addons.length)
    problems.push('prebuilds.json lists other addons than there are');
  return problems.join('; ');
}
