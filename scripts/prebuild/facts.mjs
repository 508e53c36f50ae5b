// What prebuilds.json says of an addon, read from its file: so that the list is true of the files that are packed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { capture } from '../tools.mjs';

/**
 * One of the package's addons.
 * @typedef {object} Facts
 * @property {string} file below prebuilds/
 * @property {string} libtorch minor version of libtorch
 * @property {string | null} cuda major version of CUDA, of a second addon
 * @property {string} glibc oldest glibc that it loads on
 * @property {string} libstdcxx oldest libstdc++, by the version of its symbols
 * @property {string} cpu the instructions that it takes for granted; libtorch's own kernels ask the CPU
 * @property {number} bytes
 * @property {string} sha256
 */

const NAME = /^isotorch(?:_cuda)?\.libtorch(\d+\.\d+)(?:\.cuda(\d+))?\.node$/;

/** Name of an addon's file, as prebuildify would put its tags together. @param {string} minor @param {string} [cudaMajor] */
export const addonName = (minor, cudaMajor) =>
  cudaMajor ? `isotorch_cuda.libtorch${minor}.cuda${cudaMajor}.node` : `isotorch.libtorch${minor}.node`;

/**
 * The highest version that a file needs of a library, from the table of needed versions in ELF.
 * @param {string} table as `readelf --version-info` prints it @param {string} prefix such as 'GLIBC'
 */
export function highestNeed(table, prefix) {
  const versions = [...table.matchAll(new RegExp(`Name: ${prefix}_(\\d+(?:\\.\\d+)+)\\b`, 'g'))].map(([, v = '']) => v);
  const order = new Intl.Collator('en', { numeric: true });
  return versions.sort(order.compare).at(-1) ?? 'none';
}

/** @param {string} folder prebuilds/ @param {string} place such as linux-x64 @param {string} name @returns {Facts} */
export function factsOf(folder, place, name) {
  const file = path.join(folder, place, name);
  const [, libtorch = '', cuda] = NAME.exec(name) ?? [];
  const { ok, output } = capture(['readelf', '--version-info', '--wide', file]);
  if (!ok) throw new Error(`readelf, of binutils, cannot read ${file}: ${output}`);
  const content = readFileSync(file);
  return {
    file: `${place}/${name}`,
    libtorch,
    cuda: cuda ?? null,
    glibc: highestNeed(output, 'GLIBC'),
    libstdcxx: highestNeed(output, 'GLIBCXX'),
    cpu: place.endsWith('-x64') ? 'x86-64' : 'armv8-a',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

/** All addons in prebuilds/, in the order of their names. @param {string} folder @returns {Facts[]} */
export function allFacts(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((place) => {
      const names = readdirSync(path.join(folder, place)).filter((name) => NAME.test(name));
      return names.sort().map((name) => factsOf(folder, place, name));
    });
}
