import * as torch from 'isotorch';
import { HostPathLengthMean } from 'isotorch/gan';
import { recipes } from 'isotorch/recipes';
import { Place, readOptionTable, sessionOptions } from 'isotorch/train';
import { TensorDataset } from 'isotorch/utils/data';
import { describe, expect, it } from 'vitest';
import {
  copiesAverages,
  movesAverages,
  penalisesGradients,
  penalisesPathLengths,
} from '../../../lib/recipes/stylegan2/cadence';
import { numpyMean } from '../../../lib/recipes/stylegan2/numpy_mean';
import { probabilityFor } from '../../../lib/recipes/stylegan2/probability';
import { agree } from '../../support/expressions';

const usual = { no_pl_reg: false, path_length_after: 5000, average_after: 20_000 };

const trace = (what: (step: number) => boolean) =>
  torch.tensor(Array.from({ length: 26_001 }, (_, step) => what(step)));

// The conditions as they stand in the original.
agree('augmentation where no probability is given', 'counts = [1, 14, 1000, 60000, 99999]', [
  [
    'torch.tensor([min(0.5, (1e5 - n) * 3e-6) for n in counts], dtype=torch.float64)',
    () => torch.tensor([1, 14, 1000, 60_000, 99_999].map(probabilityFor), { dtype: torch.float64 }),
  ],
  ['torch.tensor([0.0, 0.0])', () => torch.tensor([100_000, 2e6].map(probabilityFor))],
]);

agree('what a step does, for steps 0 to 26,000', 'steps = range(26001)', [
  ['torch.tensor([s % 4 == 0 for s in steps])', () => trace(penalisesGradients)],
  ['torch.tensor([s > 5000 and s % 32 == 0 for s in steps])', () => trace((step) => penalisesPathLengths(step, usual))],
  ['torch.tensor([s % 10 == 0 and s > 20000 for s in steps])', () => trace((step) => movesAverages(step, usual))],
  ['torch.tensor([s <= 25000 and s % 1000 == 2 for s in steps])', () => trace((step) => copiesAverages(step, usual))],
  [
    'torch.tensor([False for s in steps])',
    () => trace((step) => penalisesPathLengths(step, { ...usual, no_pl_reg: true })),
  ],
]);

describe('phases', () => {
  it('follow the table', async () => {
    const recipe = await recipes.find(({ about }) => about.name === 'stylegan2')!.load();
    const options = readOptionTable(recipe.options, {
      image_size: 8,
      latent_dim: 4,
      style_depth: 1,
      network_capacity: 1,
    });
    const data = { dataset: new TensorDataset(torch.rand(8, 3, 8, 8)), description: { decoded: true, count: 8 } };
    const session = readOptionTable(sessionOptions, {});
    const { phases } = await recipe.build({ options, data, place: new Place('cpu', false), session });
    const isDue = (every: number | ((step: number) => boolean), step: number): boolean =>
      typeof every === 'number' ? step % every === 0 : every(step);
    const due = (step: number) => phases.filter(({ every = 1 }) => isDue(every, step)).map(({ name }) => name);
    expect(due(0)).toEqual(['D', 'G']);
    expect(due(2)).toEqual(['D', 'G', 'copy']);
    expect(due(5024)).toEqual(['D', 'G', 'pl_mean']);
    expect(due(20_010)).toEqual(['D', 'G', 'average']);
    expect(due(20_160)).toEqual(['D', 'G', 'pl_mean', 'average']);
    expect(due(26_002)).toEqual(['D', 'G']);
  });
});

agree(
  "NumPy's mean of float32, in its order of sums",
  `import numpy as np
def mean(n):
    torch.manual_seed(n)
    return torch.tensor(float(np.mean(torch.randn(n).numpy())), dtype=torch.float64)`,
  [1, 3, 7, 8, 9, 20, 127, 128, 129, 300, 1000].map((n) => [
    `mean(${n})`,
    () => {
      torch.manual_seed(n);
      return torch.tensor(numpyMean(torch.randn(n)), { dtype: torch.float64 });
    },
  ]),
);

const means = [1.25, 0.7, 3.1, 2.2].map(Math.fround);
agree(
  'the mean path length, in the precision of NumPy 2 and of NumPy 1',
  `import numpy as np
def moved(values):
    mean = None
    for new in values:
        mean = new if mean is None else mean * 0.99 + (1 - 0.99) * new
    return torch.tensor(float(mean), dtype=torch.float64)
values = [np.float32(x) for x in ${JSON.stringify(means)}]`,
  (['float32', 'float64'] as const).map((dtype) => [
    dtype === 'float32' ? 'moved(values)' : 'moved([float(x) for x in values])',
    () => {
      const host = new HostPathLengthMean(0.99, dtype);
      for (const mean of means) host.update(mean);
      return torch.tensor(host.value!, { dtype: torch.float64 });
    },
  ]),
);
