/**
 * The part of `npm run parity:ops` that every test run repeats: the first samples of every OpInfo in three dtypes, forward,
 * backward, second derivatives and errors. What the whole run's table does not list as a shortfall has to match.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

type Stage = 'forward' | 'backward' | 'gradgrad' | 'errors';

interface Shortfall {
  stage: Stage;
  name: string;
  mismatches: { dtype: string; variant: string; sample: string; reason: string; text: string }[];
}

interface Outcome {
  counts: Record<Stage, [matching: number, all: number]>;
  shortfalls: Shortfall[];
}

/** OpInfos in the subset, by stage: fewer would mean that the subset shrank. */
const AT_LEAST: Record<Stage, number> = { forward: 690, backward: 540, gradgrad: 510, errors: 210 };

describe.skipIf(!live)(`op_db, a fixed subset${skipReason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'op-db-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('matches Python but for the known shortfalls', { timeout: 600_000 }, () => {
    const file = join(folder, 'outcome.json');
    const options = ['--limit', '2', '--dtype', 'float32,complex64,int64', '--once', '--json', file];
    const run = spawnSync(process.execPath, [join(root, 'parity', 'ops', 'run.mjs'), ...options], { encoding: 'utf8' });
    expect(run.stdout, run.stderr).toContain('op_db: forward ');
    const { counts, shortfalls } = JSON.parse(readFileSync(file, 'utf8')) as Outcome;
    for (const [stage, least] of Object.entries(AT_LEAST)) {
      expect(counts[stage as Stage][1], `OpInfos, ${stage}`).toBeGreaterThanOrEqual(least);
    }
    const listed = readFileSync(join(root, 'parity', 'ops', 'shortfalls.json'), 'utf8');
    const known = JSON.parse(listed) as Record<Stage, string[]>;
    const news = shortfalls.filter(({ stage, name }) => !known[stage].includes(name));
    const lines = news.map(({ stage, name, mismatches: [first] }) => {
      return `${stage} ${name} ${first?.dtype} ${first?.variant} (${first?.sample}) ${first?.reason}: ${first?.text}`;
    });
    expect(lines.join('\n')).toBe('');
  });
});
