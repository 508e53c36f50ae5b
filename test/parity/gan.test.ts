/** The share of `npm run parity:gan` that every test run repeats: all losses and networks, three steps of each recipe. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { subjectNames } from '../../parity/gan/subjects.mjs';
import { root } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

type Outcomes = Record<string, { done: number; all: number; failures: string[] }>;

describe.skipIf(!live)(`losses, networks and recipes of GANs, a share${skipReason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'parity-gan-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('matches Python', { timeout: 600_000 }, () => {
    const file = join(folder, 'outcomes.json');
    const args = [join(root, 'parity', 'gan', 'run.mjs'), '--quick', '--json', file];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(run.stdout, run.stderr).toMatch(/^gan: losses \d+\/\d+, networks \d+\/\d+, recipes \d+\/\d+ bitwise$/m);
    const outcomes = JSON.parse(readFileSync(file, 'utf8')) as Outcomes;
    expect(Object.keys(outcomes)).toEqual(subjectNames());
    for (const [subject, { done, all, failures }] of Object.entries(outcomes)) {
      expect(failures.join('\n'), subject).toBe('');
      expect(all, subject).toBeGreaterThan(0);
      expect(done, subject).toBe(all);
    }
  });
});
