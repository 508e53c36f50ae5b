// What a small conv2d costs in libtorch itself, called from C++, as a part of what it costs from Python, and from here: the
// ratio that no binding goes below. `node bench/floor/run.mjs`
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as torch from 'isotorch';

const here = import.meta.dirname;
const build = path.join(here, '..', '..', 'build');
const { path: libtorch, python } = JSON.parse(readFileSync(path.join(build, 'libtorch.json'), 'utf8'));

/** The last line of what a program prints. @param {string} command @param {string[]} args */
function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed:\n${stderr}`);
  return Number(stdout.trim());
}

const program = path.join(build, 'floor_conv2d');
const compiled = spawnSync(
  process.env.CXX ?? 'g++',
  [
    ...['-std=c++20', '-O2', path.join(here, 'conv2d.cpp'), '-o', program, '-isystem', path.join(libtorch, 'include')],
    ...[
      `-L${path.join(libtorch, 'lib')}`,
      '-Wl,--no-as-needed',
      '-ltorch_cpu',
      '-lc10',
      `-Wl,-rpath,${path.join(libtorch, 'lib')}`,
    ],
  ],
  { encoding: 'utf8' },
);
if (compiled.status !== 0) throw new Error(compiled.stderr);

torch.set_num_threads(1);
const [x, w, b] = [torch.randn(1, 3, 8, 8), torch.randn(4, 3, 3, 3), torch.randn(4)];
let ours = Number.POSITIVE_INFINITY;
for (let round = 0; round < 15; round++) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < 200; i++) {
    torch.scope(() => {
      for (let k = 0; k < 100; k++) torch.nn.functional.conv2d(x, w, b, { stride: 2, padding: 1 });
    });
  }
  ours = Math.min(ours, Number(process.hrtime.bigint() - start) / 20_000);
}
const floor = run(program);
const theirs = run(python, path.join(here, 'conv2d.py'));
console.log(`libtorch alone ${floor} ns, isotorch ${Math.round(ours)} ns, Python ${theirs} ns`);
console.log(`libtorch alone / Python ${(floor / theirs).toFixed(2)}, isotorch / Python ${(ours / theirs).toFixed(2)}`);
