// Everything that loaders and their workers draw, against Python's worker processes: a share of `npm run parity:nn`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../../reference/index.mjs';
import { live, skipReason } from '../../support/parity';

it.skipIf(!live)(`order, samples and draws${skipReason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'loaders-'));
  const file = join(folder, 'result.json');
  try {
    const args = [join(root, 'parity', 'nn', 'run.mjs'), '--only', 'loaders', '--quick', '--json', file];
    execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const { loaders } = JSON.parse(readFileSync(file, 'utf8'));
    expect(loaders.failures).toEqual([]);
    expect(loaders.all).toBeGreaterThan(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
