/** Every recipe over the command: killed, resumed and replayed, it ends with the bytes of a run that nothing happened to. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recipes } from 'isotorch/recipes';
import { readMetrics, snapshotFile } from 'isotorch/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended } from '../support/command';
import { warmCommand } from '../support/warm';
import { otherWays, tinyOptions } from './tiny_options';

const root = path.join(import.meta.dirname, '..', '..');
const KILL = ['--import', path.join(root, 'test/support/kill_at.mjs')];

let data: string;
beforeAll(() => {
  data = mkdtempSync(path.join(tmpdir(), 'isotorch-recipes-'));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

function isotorch(args: readonly string[], killAt?: number) {
  const node = [...(killAt === undefined ? [] : KILL), path.join(root, 'dist/cli/isotorch.js'), ...args];
  const env = { ...process.env, ISOTORCH_KILL_AT: String(killAt) };
  return ended(spawn(process.execPath, node, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

const warm = warmCommand(() => root);

/** The only run in a folder of runs. */
const runIn = (out: string): string => path.join(out, readdirSync(out)[0]!);

/** Metrics without what the clock decides. */
const lines = (run: string) =>
  readMetrics(path.join(run, 'metrics.jsonl')).map(({ seconds: _, wait_share: __, ...line }) => line);

it('has tiny options', () => {
  expect(recipes.map(({ about }) => about.name).sort()).toEqual(Object.keys(tinyOptions).sort());
});

const ways = [
  ...Object.entries(tinyOptions).map(([name, options]) => [name, 'as usual', [0, 1], options] as const),
  ...otherWays.map(([name, way, options]) => [name, way, [0], options] as const),
];

describe.each(ways)('%s, %s', (name, _, numbers, options) => {
  it.each(numbers)(
    'with %i workers: 20 steps are 13, kill -9, and the rest, byte for byte',
    async (workers) => {
      const out = mkdtempSync(path.join(data, 'run-'));
      const common = ['--steps', '20', '--snapshot-every', '5', '--sample-every', '10', '--log-every', '1'];
      // What is kept in memory needs no workers.
      const takesFolders = recipes.find(({ about }) => about.name === name)!.about.options.memory !== undefined;
      if (workers > 0 && takesFolders) common.push('--memory', '0');
      const wordsOf = (where: string) => {
        const args = ['train', name, ...options(data), ...common, '--workers', String(workers), '--keep', '9'];
        return [...args, '--out', path.join(out, where)];
      };
      // What is killed and goes on has processes of its own; this one has not.
      expect(await warm(wordsOf('whole'))).toMatchObject({ code: 0 });
      expect(await isotorch(wordsOf('killed'), 13)).toMatchObject({ signal: 'SIGKILL' });
      const [whole, killed] = ['whole', 'killed'].map((where) => runIn(path.join(out, where))) as [string, string];
      expect(await isotorch(['resume', killed])).toMatchObject({ code: 0 });
      expect(lines(killed)).toEqual(lines(whole));
      expect(readFileSync(snapshotFile(killed, 20)).equals(readFileSync(snapshotFile(whole, 20)))).toBe(true);
      if (workers > 0) return;
      const replay = await isotorch(['replay', whole, '--step', '15']);
      expect(replay).toMatchObject({ code: 0 });
      expect(replay.stdout).toContain('with the bytes of the first time');
    },
    240_000,
  );
});
