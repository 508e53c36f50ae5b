// Data of recipes over their options: refused in words about the option, and resumed only with the files that were trained on.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as torch from 'isotorch';
import { LazySet } from 'isotorch/data';
import { save_image } from 'isotorch/io';
import { Feed, OptionError, RunFailure, readOptionTable, sessionOptions } from 'isotorch/train';
import { DataLoader } from 'isotorch/utils/data';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { feedOf, openForRecipe } from '../../../dist/recipes/data';
import { dataOptions } from '../../../dist/recipes/data/options';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-feed-'));
  mkdirSync(join(folder, 'photos'));
  for (let i = 0; i < 6; i++) save_image(torch.rand([3, 8, 8]), join(folder, 'photos', `${i}.png`));
});
afterEach(() => rmSync(folder, { recursive: true }));

const session = readOptionTable(sessionOptions, { workers: 1 });
const alone = readOptionTable(sessionOptions, { workers: 0 });
const options = (given: Record<string, unknown>) => readOptionTable(dataOptions(), given);
const open = (given: Record<string, unknown> = {}) =>
  openForRecipe(options({ data: join(folder, 'photos'), ...given }), { kind: 'images' });

it('options are refused in words about them', async () => {
  await expect(openForRecipe(options({}), { kind: 'glyphs' })).rejects.toThrow(
    new OptionError(`option 'data' is missing: a folder of glyphs, as "isotorch data glyphs" makes it`),
  );
  await expect(open({ image_size: 16 })).rejects.toThrow(/^option 'data': 6 of 6 files in .* cannot be trained on:/);
  expect((await open({ image_size: 16, enlarge: true })).description.size).toBe(16);
  expect((await open({ limit: 2 })).description.count).toBe(2);
  const few = await open();
  expect(() => feedOf(few, 7, session)).toThrow(
    new OptionError('the data have fewer than 7 samples, which is one batch: take smaller batches, or more data.'),
  );
});

it('a folder is absolute, so that a run finds it from anywhere', () => {
  expect(dataOptions().data.parse('photos')).toBe(join(process.cwd(), 'photos'));
  expect(dataOptions().data.parse('mnist')).toBe('mnist');
});

it.each([512, 0])('a feed with %s megabytes goes on where it stood', async (memory) => {
  torch.manual_seed(0);
  const whole = feedOf(await open({ memory }), 2, session);
  const batches: torch.Tensor[] = [];
  for (let i = 0; i < 2; i++) batches.push((await whole.next())[0]!);
  const state = whole.state_dict();
  const streams = torch.get_rng_state();
  for (let i = 0; i < 3; i++) batches.push((await whole.next())[0]!);
  whole.close();

  const resumed = feedOf(await open({ memory }), 2, session);
  resumed.load_state_dict(structuredClone(state));
  torch.set_rng_state(streams);
  for (let i = 2; i < 5; i++) expect(torch.equal((await resumed.next())[0]!, batches[i]!)).toBe(true);
  resumed.close();
});

/** Four batches of a feed without workers, each with the stream after it. */
async function drawn(feed: Feed<readonly torch.Tensor[]>): Promise<[torch.Tensor, torch.Tensor][]> {
  torch.manual_seed(3);
  const batches: [torch.Tensor, torch.Tensor][] = [];
  for (let i = 0; i < 4; i++) batches.push([(await feed.next())[0]!, torch.get_rng_state()]);
  feed.close();
  return batches;
}

it('what is read ahead draws nothing, and has the same values', async () => {
  const ahead = await drawn(feedOf(await open({ memory: 0 }), 2, alone));
  const { dataset } = await open({ memory: 0 });
  const plain = await drawn(
    new Feed((size) => new DataLoader(dataset, size, { shuffle: true, drop_last: true }) as never, 2),
  );
  const decoded = await drawn(feedOf(await open(), 2, alone));
  for (const [i, [images, stream]] of ahead.entries()) {
    for (const [others, after] of [plain[i]!, decoded[i]!]) {
      expect(torch.equal(images, others)).toBe(true);
      expect(torch.equal(stream, after)).toBe(true);
    }
  }
});

it.each([
  [0, 1],
  [1, 0],
])('a feed of %s workers goes on with %s', async (before, after) => {
  const feed = async (workers: number) =>
    feedOf(await open({ memory: 0 }), 2, readOptionTable(sessionOptions, { workers }));
  torch.manual_seed(5);
  const whole = await feed(before);
  await whole.next();
  const [state, streams] = [structuredClone(whole.state_dict()), torch.get_rng_state()];
  const rest: torch.Tensor[] = [];
  // To the end of this pass and through the next one.
  for (let i = 1; i < 6; i++) rest.push((await whole.next())[0]!);
  const end = torch.get_rng_state();
  whole.close();

  const resumed = await feed(after);
  resumed.load_state_dict(state);
  torch.set_rng_state(streams);
  for (const batch of rest) expect(torch.equal((await resumed.next())[0]!, batch)).toBe(true);
  expect(torch.equal(torch.get_rng_state(), end)).toBe(true);
  resumed.close();
});

it('the next batch of a pass is read when one is handed out; a failure waits for the batch that has the file', async () => {
  const feed = feedOf(await open({ memory: 0 }), 2, alone, { shuffle: false });
  await feed.next();
  // Batch 2 has been read, and needs its files no more.
  for (const i of [2, 3, 4]) rmSync(join(folder, 'photos', `${i}.png`));
  await feed.next();
  // Here 4.png has failed already.
  await setTimeout(50);
  await expect(feed.next()).rejects.toThrow(/have changed while they were trained on: .*4\.png: ENOENT/);
  feed.close();
});

it('large images are read ahead only as far as a quarter of a gigabyte takes them', async () => {
  const opened = await open({ memory: 0 });
  const { samples, form, low } = opened.dataset as LazySet;
  const large = { ...opened, dataset: new LazySet(samples, form, low, 2 ** 28) };
  const feed = feedOf(large, 2, alone, { shuffle: false });
  await feed.next();
  for (const i of [2, 3]) rmSync(join(folder, 'photos', `${i}.png`));
  // 2.png has been read, 3.png has not.
  await expect(feed.next()).rejects.toThrow(/3\.png: ENOENT/);
  feed.close();
});

it('a failure of what is read ahead is nobody’s where training ends before', async () => {
  const failures: unknown[] = [];
  const note = (reason: unknown) => failures.push(reason);
  process.on('unhandledRejection', note);
  const feed = feedOf(await open({ memory: 0 }), 2, alone, { shuffle: false });
  rmSync(join(folder, 'photos', '3.png'));
  await feed.next();
  feed.close();
  await setTimeout(50);
  process.off('unhandledRejection', note);
  expect(failures).toEqual([]);
});

it('a feed does not go on with other files', async () => {
  const state = feedOf(await open(), 2, session).state_dict();
  rmSync(join(folder, 'photos', '3.png'));
  const fewer = feedOf(await open(), 2, session);
  expect(() => fewer.load_state_dict(state)).toThrow(
    /the data in .*photos \(now 5 samples\) are not those that it was trained on/,
  );
  save_image(torch.zeros([3, 8, 8]), join(folder, 'photos', '3.png'));
  const changed = feedOf(await open(), 2, session);
  expect(() => changed.load_state_dict(state)).toThrow(OptionError);
});

it.each([0, 1])('a file that goes while it is trained on is named, with %s workers', async (workers) => {
  const opened = await open({ memory: 0 });
  rmSync(join(folder, 'photos', '3.png'));
  const feed = feedOf(opened, 6, readOptionTable(sessionOptions, { workers }), { shuffle: false });
  await expect(feed.next()).rejects.toThrow(RunFailure);
  feed.close();
  const again = feedOf(opened, 6, readOptionTable(sessionOptions, { workers }), { shuffle: false });
  await expect(again.next()).rejects.toThrow(/photos have changed while they were trained on: .*3\.png: ENOENT.*\.$/);
  again.close();
});
