import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const run = path.join(import.meta.dirname, '..', 'misuse', 'run.mjs');

it('answers wrong calls of every 12th function with errors or results', () => {
  const { stdout, status } = spawnSync(process.execPath, [run, '--every', '12', '--jobs', '1'], { encoding: 'utf8' });
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^misuse: \d{4,} calls of \d{3,} functions .* 0 faults/);
  expect(status).toBe(0);
}, 120_000);
