/**
 * The share of `npm run parity:nn` that every test run repeats. What the whole run's table does not list as a shortfall has to
 * match.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { partNames } from '../../parity/nn/parts.mjs';
import { root } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

type Outcomes = Record<string, { done: number; all: number; failures: string[] }>;

describe.skipIf(!live)(`modules, optimizers and what belongs to them, a share${skipReason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'parity-nn-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('matches Python but for the known shortfalls', { timeout: 600_000 }, () => {
    const file = join(folder, 'outcomes.json');
    const args = [join(root, 'parity', 'nn', 'run.mjs'), '--quick', '--json', file];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(run.stdout, run.stderr).toContain('module_db ');
    const outcomes = JSON.parse(readFileSync(file, 'utf8')) as Outcomes;
    expect(Object.keys(outcomes)).toEqual(partNames());
    const results = join(root, 'parity', 'nn', 'RESULTS.md');
    const known = existsSync(results) ? readFileSync(results, 'utf8') : '';
    for (const [part, { all, failures }] of Object.entries(outcomes)) {
      expect(all, part).toBeGreaterThan(0);
      const news = failures.filter((failure) => !known.includes(`| ${part} | ${failure.split(' ')[0]} `));
      expect(news.join('\n'), part).toBe('');
    }
  });
});
