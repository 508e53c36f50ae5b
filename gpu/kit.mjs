// `npm run gpu:kit`: one folder that carries everything a GPU machine needs that has Python with torch, and neither network nor
// Node nor a compiler. There, `bash run.sh`.
//
//   --libtorch DIR   that machine's libtorch, of which headers and libraries are needed; without it that of this clone
//   --node FILE      a Node binary for that machine instead of npm's; `none` where it has one
//   --out DIR        the folder to make (build/gpu/kit)
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../reference/index.mjs';
import { readJson } from '../scripts/setup/stamp.mjs';
import { addonsFor, copyStripped } from './kit/addon.mjs';
import { copyDependencies, copyDigits, copyExpecttest, copySources } from './kit/files.mjs';
import { packedNode } from './kit/node.mjs';
import { bundleTests } from './kit/tests.mjs';
import { FEATURES, PARITY } from './suites.mjs';

/** What the machines that are lent take in one go, the repository included, in MiB. */
const MOST = 55;

const { values } = parseArgs({
  options: {
    libtorch: { type: 'string' },
    node: { type: 'string' },
    out: { type: 'string', default: path.join(root, 'build', 'gpu', 'kit') },
  },
});
const kit = path.resolve(values.out);
const chosen = readJson(path.join(root, 'build', 'libtorch.json'));
if (chosen === undefined) throw new Error('nothing is set up: npm run setup');

const addon = addonsFor(values.libtorch ?? chosen.path);
rmSync(kit, { recursive: true, force: true });
copySources(kit);
copyDependencies(kit);
const digits = copyDigits(kit);
const [packages] = readdirSync(path.join(root, '.venv', 'lib')).map((name) =>
  path.join(root, '.venv', 'lib', name, 'site-packages'),
);
copyExpecttest(kit, packages);
await bundleTests(kit, [...PARITY, ...FEATURES]);
const folder = path.join(kit, 'prebuilds', 'linux-x64');
for (const [name, file] of Object.entries(addon.files)) copyStripped(file, path.join(folder, name));
if (addon.cuda !== undefined && Object.keys(addon.files).length < 2)
  console.error('without isotorch_cuda: CUDA’s headers were not found, so that graphs will not be there');
const node = values.node === 'none' ? undefined : packedNode(values.node);
if (node !== undefined) copyFileSync(node.file, path.join(kit, 'node.xz'));

const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim();
const facts = {
  made: new Date().toISOString(),
  commit: git('rev-parse', 'HEAD'),
  changed: git('status', '--porcelain', '--untracked-files=no') !== '',
  libtorch: addon.version,
  cuda: addon.cuda,
  node: node?.version,
  minor: addon.minor,
  digits,
};
writeFileSync(path.join(kit, 'kit.json'), `${JSON.stringify(facts, null, 2)}\n`);

const sizes = readdirSync(kit, { recursive: true, encoding: 'utf8' }).map((name) => statSync(path.join(kit, name)));
const size = sizes.filter((file) => file.isFile()).reduce((sum, file) => sum + file.size, 0) / 2 ** 20;
console.log(
  `${kit}: ${size.toFixed(1)} MiB, for libtorch ${addon.version}${node === undefined ? ', without Node' : `, Node ${node.version}`}`,
);
console.log('on the other machine: bash run.sh');
if (size > MOST) {
  console.error(`that is more than ${MOST} MiB`);
  process.exitCode = 1;
}
