// One process at a time in a run folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockRunFolder, RunFailure } from 'isotorch/train';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = () => join(folder, 'lock.json');

it('is refused while it is held, naming the folder, the process and the remedy, and free afterwards', () => {
  const release = lockRunFolder(folder);
  expect(() => lockRunFolder(folder)).toThrow(RunFailure);
  expect(() => lockRunFolder(folder)).toThrow(
    `${folder} is in use by process ${process.pid} on ${hostname()}. Wait until it has ended; if it is gone, delete ${lock()}`,
  );
  release();
  expect(existsSync(lock())).toBe(false);
  lockRunFolder(folder)();
});

it.each([
  [
    'of a process that was killed',
    () => ({ pid: spawnSync(process.execPath, ['-v']).pid, host: hostname(), began: '' }),
  ],
  ['of an earlier process with the same number', () => ({ pid: process.pid, host: hostname(), began: '1' })],
  ['that was never written to its end', () => undefined],
])('%s does not count', (_, holder) => {
  writeFileSync(lock(), JSON.stringify(holder() ?? '').slice(0, holder() === undefined ? 0 : undefined));
  const release = lockRunFolder(folder);
  expect(JSON.parse(readFileSync(lock(), 'utf8')).pid).toBe(process.pid);
  release();
});

it('of another machine counts', () => {
  writeFileSync(lock(), JSON.stringify({ pid: 1, host: 'elsewhere', began: '' }));
  expect(() => lockRunFolder(folder)).toThrow('process 1 on elsewhere');
});
