// `npx node-gyp rebuild` is a door to the CMake build: it must give a working addon without downloading anything.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const copy = mkdtempSync(path.join(tmpdir(), 'isotorch-node-gyp-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('node-gyp rebuild makes an addon that computes', { timeout: 600_000 }, () => {
  for (const part of [
    'native',
    'scripts',
    'dist/libtorch',
    'CMakeLists.txt',
    'binding.gyp',
    'package.json',
    'package-lock.json',
    '.npmrc',
  ]) {
    if (existsSync(path.join(root, part))) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const { path: libtorch } = JSON.parse(readFileSync(path.join(root, 'build/libtorch.json'), 'utf8')) as {
    path: string;
  };
  const env = { PATH: process.env.PATH, HOME: copy, ISOTORCH_LIBTORCH: libtorch };
  execFileSync('npx', ['node-gyp', 'rebuild'], { cwd: copy, env, stdio: 'pipe' });

  const addon = path.join(copy, 'build/Release/isotorch.node');
  const program = "const torch = require('./dist'); console.log(torch.arange(4).add(1).tolist().join(' '))";
  const options = { cwd: root, env: { ...process.env, ISOTORCH_ADDON: addon }, encoding: 'utf8' } as const;
  expect(execFileSync(process.execPath, ['-e', program], options)).toBe('1 2 3 4\n');
});
