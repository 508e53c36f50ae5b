import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const run = path.join(import.meta.dirname, '..', 'misuse', 'raw', 'run.mjs');

it('ends 20,000 raw calls of all operators with errors or results', () => {
  const { stdout, status } = spawnSync(process.execPath, [run, '--calls', '20000'], { encoding: 'utf8' });
  expect(stdout.trim()).toMatch(
    /^(too long: .*\n)?raw: \d{5} calls of seed 1, \d{4} results, \d{5} errors, 0 deaths of 0 operators in \d+ s$/,
  );
  expect(status).toBe(0);
}, 120_000);
