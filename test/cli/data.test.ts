// `isotorch data` as a process: what it says, what it ends with, and that a killed one leaves nothing that looks whole.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { save_image } from 'isotorch/io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';
import { type Ended, ended } from '../support/command';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-data-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function data(args: string[], watch?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/isotorch.js'), 'data', ...args], { cwd: folder });
  watch?.(child);
  return ended(child);
}

function photos(name = 'photos', count = 3): void {
  mkdirSync(join(folder, name));
  for (let i = 0; i < count; i++) save_image(torch.rand([3, 40, 40]), join(folder, name, `${i}.png`));
}

describe('the command line', () => {
  it('shows all that there is', async () => {
    const { code, stdout } = await data(['--help']);
    expect(code).toBe(0);
    for (const name of ['mnist', 'glyphs', 'edges', 'check']) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each([
    [['glyphs'], /missing required argument 'folder'/],
    [['glyphs', 'out', '--size', '3'], /It takes a whole number from 8 to 1024/],
    [['glyphs', 'out', '--sise', '3'], /unknown option '--sise'\n\(Did you mean --size\?\)/],
    [['glyphs', 'out', '--style', 'no-such-font'], /to bring them: npm install @expo-google-fonts\/no-such-font\n$/],
    [['edges', 'nowhere', 'out'], /the folder nowhere does not exist\n$/],
    [['edges', 'nowhere', 'out', '--low', '0.5'], /nowhere|0 < low/],
    [['mnist', 'out', '--source', 'nowhere'], /cannot read the IDX file|does not exist/],
    [['check', 'nowhere'], /nowhere is not a folder\n$/],
    [['check', 'nowhere', '--kind', 'faces'], /Allowed choices are images, labelled, pairs, glyphs/],
  ])('refuses %j without a stack', async (args, message) => {
    const { code, stdout, stderr } = await data(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('check lists what a recipe would refuse, and --fix mends it', async () => {
  photos();
  writeFileSync(join(folder, 'photos', 'empty.png'), '');
  writeFileSync(join(folder, 'photos', 'notes.txt'), '');
  const listed = await data(['check', 'photos']);
  expect(listed.code).toBe(1);
  expect(listed.stdout).toBe(
    [
      'photos/empty.png: the file is empty (left out of a copy)',
      'photos/notes.txt: no image by its name, which is ignored',
      '3 images fit, 1 problem found.',
      '--fix <folder> writes a copy that recipes take.\n',
    ].join('\n'),
  );
  const fixed = await data(['check', 'photos', '--size', '40', '--fix', 'good']);
  expect([fixed.code, fixed.stdout.split('\n').at(-2)]).toEqual([
    0,
    '3 copied, 0 converted, 1 left out: the copy is in good',
  ]);
  expect(readdirSync(join(folder, 'good'))).toEqual(['0.png', '1.png', '2.png']);
  expect((await data(['check', 'good'])).code).toBe(0);
});

it('edges and mnist say how many they wrote', async () => {
  photos();
  const edges = await data(['edges', 'photos', 'pairs', '--size', '32', '--test', '0.4']);
  expect([edges.code, edges.stderr]).toEqual([0, '']);
  expect(edges.stdout).toBe(
    '2 pairs to train with and 1 to test are in pairs, edges on the left; preview.png shows some.\n',
  );
  const digits = await data(['mnist', 'digits', '--limit', '5']);
  expect([digits.code, digits.stdout]).toEqual([
    0,
    '5 digits to train with and 5 to test are in digits; preview.png shows some.\n',
  ]);
});

/** Kills the command once it has begun to write. */
async function killed(signal: NodeJS.Signals): Promise<Ended> {
  const parts = () => readdirSync(folder).filter((name) => name.startsWith('.digits.part-'));
  return data(['mnist', 'digits'], async (child) => {
    while (parts().length === 0 || !existsSync(join(folder, parts()[0]!, 'train', '5'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill(signal);
  });
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s removes what is half written', async (signal, code) => {
  expect((await killed(signal)).code).toBe(code);
  expect(readdirSync(folder)).toEqual([]);
});

it('what kill -9 leaves has another name, and goes with the next try', async () => {
  expect((await killed('SIGKILL')).signal).toBe('SIGKILL');
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.digits\.part-\d+$/)]);
  expect((await data(['mnist', 'digits', '--limit', '3'])).code).toBe(0);
  expect(readdirSync(folder)).toEqual(['digits']);
});

it('what others are writing is left alone', async () => {
  let second: Ended | undefined;
  await data(['mnist', 'digits'], async (child) => {
    while (readdirSync(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    second = await data(['mnist', 'digits', '--limit', '3']);
    child.kill('SIGTERM');
  });
  while (second === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/digits is being written by process \d+ on /);
});

it('a disk that is full leaves nothing, and is named', async () => {
  // A limit of 512 bytes a file stands for it: digits fit, the preview does not.
  const command = `ulimit -f 1; exec "$0" "$1" data mnist digits --limit 60`;
  const child = spawn('sh', ['-c', command, process.execPath, join(root, 'dist/cli/isotorch.js')], { cwd: folder });
  const { code, stdout, stderr } = await ended(child);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^isotorch: EFBIG: .*\nThe disk is full: make room, or choose a folder on another\.\n$/);
  expect(readdirSync(folder)).toEqual([]);
});

it('a folder that cannot be made is named', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = await data(['mnist', 'file/digits', '--limit', '3']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^isotorch: (ENOTDIR|EEXIST): .*file/)]);
});
