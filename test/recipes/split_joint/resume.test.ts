// A run that is interrupted and resumed: the same bytes as one that is not.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { loadMnist } from 'isotorch/data';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { DigitClassifier, DigitJudge } from 'isotorch/metrics';
import { batchModes, type BatchMode, type SplitJointMetrics, trainSplitJoint } from 'isotorch/recipes/split_joint';
import { type Interrupt, readMetrics } from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

torch.set_num_threads(1);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resume-'));
  // The lines that stand for a progress bar.
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Stops a run before the given step's end, by standing in for a signal. */
class StopAt {
  #step = 0;
  constructor(readonly at: number) {}
  get requested(): boolean {
    this.#step++;
    return this.#step >= this.at;
  }
}

function small(mode: BatchMode, name: string) {
  const { images } = loadMnist({ limit: 70 });
  torch.manual_seed(3);
  return {
    mode,
    folder: join(folder, name),
    seed: 11,
    // 70 digits by 16 without the rest: 4 batches a pass, and a tick's end at step 50 in the middle of one.
    steps: 58,
    device: 'cpu',
    loader: new DataLoader<readonly Tensor[]>(new TensorDataset(images), {
      batch_size: 16,
      shuffle: true,
      drop_last: true,
    }),
    judge: new DigitJudge(new DigitClassifier(), { images, labels: torch.zeros([70], { dtype: torch.int64 }) }),
  };
}

const never = { requested: false } as Interrupt;
const files = (name: string) =>
  Object.fromEntries(readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file))]));
/** Compares bytes as a whole: a comparison element by element would take seconds. */
function expectSameFiles(ours: Record<string, Buffer>, theirs: Record<string, Buffer>, except: string[] = []): void {
  expect(Object.keys(ours)).toEqual(Object.keys(theirs));
  for (const name of Object.keys(ours)) {
    if (!except.includes(name)) expect(ours[name]!.equals(theirs[name]!), name).toBe(true);
  }
}

/** Steps done by a run's checkpoint. */
const reached = (name: string): number =>
  JSON.parse(torch.io.load_metadata(join(folder, name, 'checkpoint.safetensors')).checkpoint!).position.step;

/** The metrics file but for the times: the order of keys counts. */
const withoutTime = (name: string) =>
  readFileSync(join(folder, name, 'metrics.jsonl'), 'utf8').replaceAll(/"seconds":[0-9.]+/g, '"seconds":');

describe.each(batchModes)('a run in %s mode', (mode) => {
  it('interrupted twice and resumed ends with the same bytes', async () => {
    expect(await trainSplitJoint({ ...small(mode, 'whole'), interrupt: never })).toBe(true);

    // What a run leaves that was killed before its first checkpoint.
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts', 'metrics.jsonl'), '{"step":0,"seconds":9}\n{"step":50,"seconds":99}\n{"st');
    // In the second pass, and just after the tick: each time with other things drawn in between.
    for (const at of [7, 46]) {
      const interrupt = new StopAt(at) as unknown as Interrupt;
      expect(await trainSplitJoint({ ...small(mode, 'parts'), interrupt })).toBe(false);
      expect(reached('parts')).toBe(at === 7 ? 7 : 53);
      torch.manual_seed(at);
    }
    expect(await trainSplitJoint({ ...small(mode, 'parts'), interrupt: never })).toBe(true);

    const [whole, parts] = [files('whole'), files('parts')];
    expect(Object.keys(whole)).toContain('generator.safetensors');
    // The checkpoints before the last are those of the steps at which each was saved.
    expectSameFiles(parts, whole, ['metrics.jsonl', 'checkpoint.previous.safetensors']);
    expect(withoutTime('parts')).toBe(withoutTime('whole'));
    const lines = readMetrics<SplitJointMetrics>(join(folder, 'whole', 'metrics.jsonl'));
    expect(lines.map(({ step }) => step)).toEqual([0, 50, 58]);
  });

  it('that is finished stays as it is', async () => {
    await trainSplitJoint({ ...small(mode, 'run'), steps: 3, interrupt: never });
    const before = files('run');
    expect(await trainSplitJoint({ ...small(mode, 'run'), steps: 3, interrupt: never })).toBe(true);
    expectSameFiles(files('run'), before);
  });
});

it('a run whose last checkpoint is damaged goes on from the one before, with the same bytes', async () => {
  await trainSplitJoint({ ...small('split', 'whole'), interrupt: never });
  for (const at of [7, 46]) {
    await trainSplitJoint({ ...small('split', 'hurt'), interrupt: new StopAt(at) as unknown as Interrupt });
  }
  const path = join(folder, 'hurt', 'checkpoint.safetensors');
  const bytes = readFileSync(path);
  bytes[bytes.length - 1_000]! ^= 4;
  writeFileSync(path, bytes);
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  await trainSplitJoint({ ...small('split', 'hurt'), interrupt: never });
  expect(said.mock.calls.join()).toMatch(
    /checksum is not that of its contents. Going on from the checkpoint before it/,
  );
  said.mockRestore();
  expect(withoutTime('hurt')).toBe(withoutTime('whole'));
  expect(files('hurt')['checkpoint.safetensors']!.equals(files('whole')['checkpoint.safetensors']!)).toBe(true);
});

it('a checkpoint of a longer run is refused', async () => {
  await trainSplitJoint({ ...small('split', 'run'), steps: 3, interrupt: never });
  const shorter = trainSplitJoint({ ...small('split', 'run'), steps: 2, interrupt: never });
  await expect(shorter).rejects.toThrow(/is of step 3, but this run has 2/);
});

it('samples and figures do not disturb training: more of them, same weights', async () => {
  const once = small('split', 'once');
  await trainSplitJoint({ ...once, steps: 52, interrupt: never });
  const often = small('split', 'often');
  const judge = new Proxy(often.judge, {
    get: (target, key) => {
      if (key !== 'judge') return Reflect.get(target, key, target);
      // A judge that looks ten times.
      return (images: Tensor) => Array.from({ length: 10 }, () => target.judge(images))[0];
    },
  });
  await trainSplitJoint({ ...often, judge, steps: 52, interrupt: never });
  expect(files('often')['generator.safetensors']!.equals(files('once')['generator.safetensors']!)).toBe(true);
});
