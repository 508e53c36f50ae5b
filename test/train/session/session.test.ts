import { mkdtempSync, readFileSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'isotorch';
import {
  type AnyRecipe,
  loadSnapshot,
  openTraining,
  readMetrics,
  readOptionTable,
  runSession,
  saveTraining,
  sessionOptions,
  snapshotFile,
  snapshotSteps,
} from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshPoison, tiny } from './tiny';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-session-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const said: string[] = [];
const silent = { step() {}, tick() {}, end() {} };

async function opened(
  given: Record<string, unknown> = {},
  own: Record<string, unknown> = {},
  recipe: AnyRecipe = tiny,
) {
  const session = { log_every: 3, sample_every: 10, snapshot_every: 5, keep: 2, ...own };
  return openTraining({
    recipe,
    options: readOptionTable(recipe.options, given),
    session: readOptionTable(sessionOptions, session),
  });
}

async function train(
  where: string,
  { stopAt, ...own }: Record<string, unknown> & { stopAt?: number } = {},
  given: Record<string, unknown> = {},
) {
  said.length = 0;
  let steps = 0;
  const interrupt = {
    get requested() {
      return stopAt !== undefined && ++steps >= stopAt;
    },
  };
  return runSession(await opened(given, own), {
    folder: where,
    interrupt,
    say: (line) => said.push(line),
    progress: () => silent,
  });
}

const bytes = (run: string, step: number): Buffer => readFileSync(snapshotFile(run, step));

/** Metrics without what the clock decides. */
const lines = (run: string) =>
  readMetrics(path.join(run, 'metrics.jsonl')).map(({ seconds: _, wait_share: __, ...line }) => line);

describe('a run', () => {
  it('logs, draws and keeps the newest snapshots and the first', async () => {
    expect(await train(folder)).toEqual({ step: 20, why: 'done' });
    expect(snapshotSteps(folder)).toEqual([0, 15, 20]);
    expect(readdirSync(path.join(folder, 'samples'))).toEqual(['000000.png', '000010.png', '000020.png']);
    const log = lines(folder);
    expect(log.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18, 20]);
    expect(log[1]).toMatchObject({ step: 6, epoch: 1, passes: 1, drawn: 5 });
    expect(Object.keys(log[0]!)).toEqual(['step', 'epoch', 'loss_D', 'loss_G']);
  });

  it.each([{ workers: 0 }, { workers: 2 }])(
    'of 20 steps is one of 7 and the rest, byte for byte, with %o',
    async ({ workers }) => {
      const [whole, parts] = [path.join(folder, 'whole'), path.join(folder, 'parts')];
      await train(whole, { workers });
      expect(await train(parts, { workers, stopAt: 7 })).toMatchObject({ step: 7, why: 'interrupted' });
      await train(parts, { workers });
      expect(bytes(parts, 20).equals(bytes(whole, 20))).toBe(true);
      expect(lines(parts)).toEqual(lines(whole));
    },
  );

  it('goes on from the snapshot before a damaged one, and ends with the same bytes', async () => {
    await train(folder, { steps: 20 });
    const last = bytes(folder, 20);
    writeFileSync(snapshotFile(folder, 20), last.subarray(0, last.length / 2));
    await train(folder);
    expect(said.join(' ')).toContain('is damaged');
    expect(bytes(folder, 20).equals(last)).toBe(true);
  });

  it.each([
    ['loss', 'step 8, phase D: loss_D is NaN.'],
    ['gradient', 'step 8, phase D: the gradient of D.weight has numbers that are not finite.'],
  ])('stops at a %s that is no number, with the last snapshot whole', async (poison_where, words) => {
    freshPoison();
    const run = train(folder, {}, { poisoned: 'yes', poison: 8, poison_where });
    await expect(run).rejects.toThrow(
      `${words} Lower the learning rate, or clip gradients (option clip). The snapshot of step 5 is whole.`,
    );
    expect(load(snapshotFile(folder, 5))).toBeDefined();
  });

  it.each([3, 8])('recovers where the recipe says so: step %i', async (poison) => {
    freshPoison();
    const given = { poisoned: 'yes', poison, poison_where: 'loss', recoveries: 1 };
    expect(await train(folder, {}, given)).toEqual({ step: 20, why: 'done' });
    expect(said.join(' ')).toContain(`Going on from the snapshot of step ${poison > 5 ? 5 : 0} (1 of 1).`);
  });
});

describe('recoveries', () => {
  const given = { poisoned: 'yes', poison: 8, poison_where: 'loss', recoveries: 2 };

  it('are counted over all of a run, however often it is resumed', async () => {
    freshPoison();
    await train(folder, { stopAt: 6 }, { ...given, poison: 3 });
    expect(said.join(' ')).toContain('(1 of 2)');
    freshPoison();
    await train(folder, { stopAt: 6 }, given);
    expect(said.join(' ')).toContain('(2 of 2)');
    freshPoison();
    await expect(train(folder, {}, { ...given, poison: 12 })).rejects.toThrow('step 12, phase D: loss_D is NaN.');
  });

  it('are in the snapshot; one from before there was a count has none', async () => {
    freshPoison();
    await train(folder, {}, given);
    expect(load(snapshotFile(folder, 20))).toMatchObject({ counters: { step: 20, recovered: 1 } });
    const { objects } = await opened(given);
    expect(loadSnapshot(folder, objects)).toEqual({ step: 20, recovered: 1 });
    saveTraining(snapshotFile(folder, 21), objects, { step: 21 });
    expect(loadSnapshot(folder, objects)).toEqual({ step: 21, recovered: 0 });
  });
});

describe('refused', () => {
  it.each([
    [{ lr: 0 }, 'option lr takes a number above 0, but is 0.'],
    [{ learning: 1 }, 'unknown option learning.'],
    [{ batchsize: 1 }, 'unknown option batchsize. Did you mean batch_size?'],
    [
      { poison_where: 'loss' },
      'option poison_where has no effect with poisoned=no: it is for poisoned=yes. Leave it out, or change poisoned.',
    ],
    [{ points: 3, batch_size: 4 }, 'option batch_size: 4 is more than the 3 points'],
    [{ batch_size: 25 }, 'option batch_size: 25 is more than the 24 points'],
  ])('%o', async (given, message) => {
    await expect(opened(given)).rejects.toThrow(message);
  });

  it('a snapshot of another recipe', async () => {
    await train(folder, { steps: 1 });
    const other = await opened({}, {}, { ...tiny, name: 'other' });
    expect(() => loadSnapshot(folder, other.objects)).toThrow('it is of the recipe tiny, not of other');
  });
});
