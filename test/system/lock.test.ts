// Locks between machines that share a folder; those of one machine are tried in test/train/lock.test.ts.
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeLock } from '../../dist/system/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = () => join(folder, 'lock');
/** The lock of a process elsewhere, last renewed so many milliseconds ago. */
function elsewhere(age: number): void {
  writeFileSync(lock(), JSON.stringify({ pid: 1, host: 'elsewhere', began: '' }));
  const then = new Date(Date.now() - age);
  utimesSync(lock(), then, then);
}

it('one that is renewed counts, one that was left does not', () => {
  elsewhere(500);
  expect(takeLock(lock(), { leftAfter: 1000 })).toEqual({ heldBy: 'process 1 on elsewhere' });
  elsewhere(1500);
  const taken = takeLock(lock(), { leftAfter: 1000 });
  expect(JSON.parse(readFileSync(lock(), 'utf8')).pid).toBe(process.pid);
  (taken as { release: () => void }).release();
});

it('without a limit one counts however old it is', () => {
  elsewhere(1e9);
  expect(takeLock(lock())).toEqual({ heldBy: 'process 1 on elsewhere' });
});

it('is renewed while it is held, and not afterwards', async () => {
  const taken = takeLock(lock(), { leftAfter: 50 }) as { release: () => void };
  const begun = statSync(lock()).mtimeMs;
  while (statSync(lock()).mtimeMs === begun) await new Promise((resolve) => setTimeout(resolve, 5));
  taken.release();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(statSync(lock(), { throwIfNoEntry: false })).toBeUndefined();
});
