/** Loading of the real libtorch, in processes of their own: what is in the process already, and what lies in the way. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { refusal, survey } from '../../lib/libtorch';
import { folder } from '../scripts/fakes';
import { LIBRARY, libraries } from './fakes';

const root = path.join(import.meta.dirname, '../..');
const { choice } = survey(root);
const libtorch = choice?.libtorch.folder ?? '';
const version = choice?.libtorch.version ?? '';

/** Runs a program that has isotorch as `torch`, unless it loads it itself. */
function run(program: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, stdout: stdout.trim(), stderr };
}

/** The same file under another name, which costs no space; a copy where the disk is another one. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(realpathSync(from), to);
  } catch {
    copyFileSync(from, to);
  }
}

const ADD = `console.log(require('isotorch').arange(3).add(1).tolist().join(' '));`;
const WHERE = `const { readFileSync } = require('node:fs');
  console.log([...new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\/.*libtorch_cpu\\.so/g))].join());`;
const FAIL = `try { require('isotorch'); } catch (error) { console.log(error.message); }`;

test.runIf(choice)('an addon that was built from other sources is named', () => {
  const cause = new TypeError('addon.of_tomorrow is not a function');
  expect(refusal(choice!, cause, root).message).toBe(
    `isotorch: ${choice!.addon.file} belongs to another version of isotorch: addon.of_tomorrow is not a function. ` +
      'In a clone, "npm run setup" builds it again; ISOTORCH_ADDON, where it is set, has to name one of this version.',
  );
});

describe.runIf(process.platform === 'linux')('libtorch', () => {
  test('on LD_LIBRARY_PATH is not used', () => {
    const decoy = folder({ 'libc10.so': LIBRARY, 'libtorch_cpu.so': LIBRARY, 'libtorch.so': LIBRARY });
    const { stdout } = run(ADD + WHERE, { LD_LIBRARY_PATH: decoy });
    expect(stdout).toBe(`1 2 3\n${realpathSync(path.join(libtorch, 'lib/libtorch_cpu.so'))}`);
  });

  test('of another folder in the process is refused, with both paths', () => {
    const other = realpathSync(folder());
    copyFileSync(path.join(libtorch, 'lib/libc10.so'), path.join(other, 'libc10.so'));
    const load = `try { process.dlopen({ exports: {} }, '${other}/libc10.so', 0x1001); } catch {}`;
    const { status, stdout } = run(load + FAIL);
    expect(stdout).toBe(
      "isotorch: two versions of libtorch in one process would write over each other's operators. " +
        `${other} is loaded already, isotorch would load ${path.join(libtorch, 'lib')}. ` +
        'Let ISOTORCH_LIBTORCH name the first, so that all use one, or use them in processes of their own.',
    );
    expect(status).toBe(0);
    const preloaded = run(FAIL, { LD_PRELOAD: path.join(other, 'libc10.so') });
    expect(preloaded.stdout).toMatch(/would load .*\. LD_PRELOAD brings the first: unset it\.$/);
  });

  test('of a folder with blanks and letters that are not ASCII is loaded', () => {
    const place = path.join(folder(), 'größe und 大');
    mkdirSync(path.join(place, 'lib'), { recursive: true });
    for (const name of ['libc10.so', 'libtorch_cpu.so', 'libgomp.so.1']) {
      linkOrCopy(path.join(libtorch, 'lib', name), path.join(place, 'lib', name));
    }
    writeFileSync(path.join(place, 'build-version'), version);
    const { stdout } = run(ADD + WHERE, { ISOTORCH_LIBTORCH: place });
    expect(stdout).toBe(`1 2 3\n${realpathSync(place)}/lib/libtorch_cpu.so`);
  });

  test("that the linker refuses is named, with the linker's words and what mends it", () => {
    const place = folder({ 'build-version': version, ...libraries('') });
    const { status, stdout } = run(FAIL, { ISOTORCH_LIBTORCH: place });
    expect(status).toBe(0);
    expect(stdout).toContain(`isotorch: cannot load libtorch ${version} in ${place} (from ISOTORCH_LIBTORCH)`);
    expect(stdout).toMatch(/libc10\.so: .*\n.*"npx isotorch install --libtorch \d+\.\d+" fetches a whole one/s);
  });

  test('is opened once for all worker threads and for a second copy of the package', () => {
    const program = `
      const { Worker } = require('node:worker_threads');
      const work = "const torch = require('isotorch'); require('node:worker_threads').parentPort.postMessage(torch.ones([2]).sum().item())";
      ${ADD}
      const first = require('isotorch');
      for (const file of Object.keys(require.cache)) delete require.cache[file];
      console.log(require('isotorch') !== first, require('isotorch').ones([3]).sum().item());
      const done = [0, 1].map(() => new Promise((resolve) => new Worker(work, { eval: true }).once('message', resolve)));
      Promise.all(done).then((sums) => { console.log(sums.join(' ')); ${WHERE} });`;
    const { stdout } = run(program);
    expect(stdout).toBe(`1 2 3\ntrue 3\n2 2\n${realpathSync(path.join(libtorch, 'lib/libtorch_cpu.so'))}`);
  });
});
