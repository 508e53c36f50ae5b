// The examples run, and do what they say.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';

const folder = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(name: string, ...args: string[]): string {
  const env = { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' };
  const path = join(root, 'examples', name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

it('tensor_autograd.mjs finds the line', () => {
  const [, slope, offset] = /y = (\S+) x \+ (\S+)/.exec(run('tensor_autograd.mjs'))!;
  expect(Math.abs(Number(slope) - 3)).toBeLessThan(0.1);
  expect(Math.abs(Number(offset) - 2)).toBeLessThan(0.1);
});

it('gan.mjs trains and draws 64 samples', () => {
  const lines = run('gan.mjs', '60').trim().split('\n');
  expect(lines[0]).toMatch(/^step 50 {2}D 0\.\d{3} {2}G \d\.\d{3}$/);
  expect(lines[1]).toMatch(/^step 60 /);
  const { width, height } = PNG.sync.read(readFileSync(join(folder, 'samples.png')));
  expect([width, height]).toEqual([242, 242]);
});

it('are as short as they say', () => {
  const lines = (name: string) =>
    readFileSync(join(root, 'examples', name), 'utf8')
      .trimEnd()
      .split('\n').length;
  expect(lines('tensor_autograd.mjs')).toBeLessThan(25);
  expect(lines('gan.mjs')).toBeLessThan(100);
});
