// The loop: passes over the data, turns of the event loop, memory.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { isPosition, type StepRecipe, RunningMeans, training } from 'isotorch/train';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../support/garbage';

describe('training', () => {
  const counting = (): StepRecipe<readonly Tensor[]> & { seen: number[][] } => {
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

  it('refuses a position beyond a pass, in which it would look for the next batch for ever', async () => {
    const from = { step: 9, epoch: 0, order: { seed: null, batches: 4 } };
    const run = training({ recipe: counting(), loader: loader(), means: new RunningMeans(), steps: 10, from });
    await expect(run.next()).rejects.toThrow('4 batches are more than a pass has, 3');
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
      if (step !== 5) continue;
      await collectGarbage();
      before = torch.memory_stats().live_tensors;
    }
    await collectGarbage();
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

it.each([
  [{ step: 0, epoch: 0, order: null }, true],
  [{ step: 3, epoch: 1, order: { seed: '-9223372036854775808', batches: 2 } }, true],
  [{ step: 3, epoch: 1, order: { seed: null, batches: 0 } }, true],
  [{ step: -9, epoch: 0, order: null }, false],
  [{ step: 1.5, epoch: 0, order: null }, false],
  [{ step: 1, epoch: -1, order: null }, false],
  [{ step: 1, epoch: 0, order: { seed: 'x', batches: 1 } }, false],
  [{ step: 1, epoch: 0, order: { seed: null, batches: -1 } }, false],
  [{ step: 1, epoch: 0 }, false],
  [null, false],
])('a stored position %j: %s', (value, fits) => {
  expect(isPosition(value)).toBe(fits);
});
