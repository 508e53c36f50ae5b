import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const run = path.join(import.meta.dirname, '..', 'misuse', 'run.mjs');

it('answers wrong calls of every function with errors or results', () => {
  const { stdout, status } = spawnSync(process.execPath, [run, '--jobs', '1'], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  expect(lines.slice(0, -1)).toEqual([]);
  expect(lines.at(-1)).toMatch(/^misuse: \d{6} calls of \d{4} functions .* 0 faults/);
  expect(status).toBe(0);
}, 180_000);

it('runs 5,000 random programs to their ends', () => {
  const programs = path.join(import.meta.dirname, '..', 'misuse', 'programs', 'run.mjs');
  const { stdout, status } = spawnSync(process.execPath, [programs], { encoding: 'utf8' });
  expect(stdout.trim()).toMatch(/^programs: 5000 of seed 1, \d{6} operations, \d+ errors, 0 faults/);
  expect(status).toBe(0);
}, 180_000);
