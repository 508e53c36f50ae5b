/** The part `export` of `npm run parity:nn` that every test run repeats: some programs, three steps of training each. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

describe.skipIf(!live)(`programs of torch.export${skipReason}`, () => {
  it('give Python’s bits', { timeout: 300_000 }, () => {
    const command = [join(root, 'parity', 'nn', 'run.mjs'), '--only', 'export', '--quick'];
    const run = spawnSync(process.execPath, command, { encoding: 'utf8' });
    expect(run.stdout, run.stderr).toContain('export 6/6');
  });
});
