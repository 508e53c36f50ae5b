// The loop, and a run that is interrupted and resumed: the same bits as one that is not.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { DataLoader, loadMnist, TensorDataset } from 'isotorch/data';
import { batchModes, type BatchMode } from 'isotorch/gan';
import {
  DigitClassifier,
  DigitJudge,
  type Interrupt,
  readMetrics,
  type Recipe,
  RunningMeans,
  loadCheckpoint,
  saveCheckpoint,
  type SplitJointMetrics,
  training,
  trainSplitJoint,
} from 'isotorch/train';
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

const withoutTime = (name: string) =>
  readMetrics<SplitJointMetrics>(join(folder, name, 'metrics.jsonl')).map(({ seconds: _, ...line }) => line);

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
    expectSameFiles(parts, whole, ['metrics.jsonl']);
    expect(withoutTime('parts')).toEqual(withoutTime('whole'));
    expect(withoutTime('whole').map(({ step }) => step)).toEqual([0, 50, 58]);
  });

  it('that is finished stays as it is', async () => {
    await trainSplitJoint({ ...small(mode, 'run'), steps: 3, interrupt: never });
    const before = files('run');
    expect(await trainSplitJoint({ ...small(mode, 'run'), steps: 3, interrupt: never })).toBe(true);
    expectSameFiles(files('run'), before);
  });
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

describe('training', () => {
  const counting = (): Recipe<readonly Tensor[]> & { seen: number[][] } => {
    const seen: number[][] = [];
    return {
      modules: {},
      optimizers: {},
      seen,
      step([x]) {
        seen.push(x!.tolist() as number[]);
        return { first: x!.select(0, 0) };
      },
    };
  };
  const loader = () =>
    new DataLoader<readonly Tensor[]>(new TensorDataset(torch.arange(5, { dtype: torch.float32 })), { batch_size: 2 });

  it('passes over the data until its steps are done', async () => {
    const recipe = counting();
    const positions = [];
    for await (const position of training({ recipe, loader: loader(), means: new RunningMeans(), steps: 5 })) {
      positions.push([position.step, position.epoch, position.order?.batches]);
    }
    expect(recipe.seen).toEqual([[0, 1], [2, 3], [4], [0, 1], [2, 3]]);
    expect(positions).toEqual([
      [1, 0, 1],
      [2, 0, 2],
      [3, 0, 3],
      [4, 1, 1],
      [5, 1, 2],
    ]);
  });

  it('lets the event loop run after every step', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const recipe = counting();
    for await (const _ of training({ recipe, loader: loader(), means: new RunningMeans(), steps: 200 })) {
      // Node runs a due timer at most once per turn of its loop, and this one is due after a millisecond.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    clearInterval(timer);
    expect(turns).toBeGreaterThan(50);
  });

  it('frees what a step made', async () => {
    const recipe = counting();
    const means = new RunningMeans();
    let before = 0;
    for await (const { step } of training({ recipe, loader: loader(), means, steps: 40 })) {
      if (step === 5) before = torch.memory_stats().live_tensors;
    }
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

describe('a checkpoint', () => {
  const recipe = (): Recipe<never> => {
    const layer = new torch.nn.Linear(2, 1);
    return { modules: { layer }, optimizers: { adam: new torch.optim.Adam(layer.parameters()) }, step: () => ({}) };
  };

  it('that is not there gives null and changes nothing', () => {
    expect(loadCheckpoint(join(folder, 'none'), recipe(), new RunningMeans())).toBeNull();
  });

  it('of other networks is refused', () => {
    const path = join(folder, 'c.safetensors');
    saveCheckpoint(path, recipe(), new RunningMeans(), { step: 1, epoch: 0, order: null });
    const layer = new torch.nn.Linear(3, 1);
    const other: Recipe<never> = { modules: { layer }, optimizers: {}, step: () => ({}) };
    expect(() => loadCheckpoint(path, other, new RunningMeans())).toThrow(/size mismatch for weight/);
  });

  it('brings back the random stream, before any step too', () => {
    const path = join(folder, 'c.safetensors');
    torch.manual_seed(8);
    saveCheckpoint(path, recipe(), new RunningMeans(), { step: 0, epoch: 0, order: null });
    const state = torch.get_rng_state();
    torch.manual_seed(9);
    expect(loadCheckpoint(path, recipe(), new RunningMeans())).toEqual({ step: 0, epoch: 0, order: null });
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true);
  });
});
