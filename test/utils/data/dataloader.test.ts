// Order, random draws and values of DataLoader and its samplers, against Python's.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import {
  DataLoader,
  type DataLoaderOptions,
  RandomSampler,
  SequentialSampler,
  TensorDataset,
} from 'isotorch/utils/data';
import { describe, expect, it } from 'vitest';
import { type ParityCase, parity } from '../../support/parity';

const numbers = (count: number) =>
  new TensorDataset(torch.arange(count), torch.arange(count * 2, { dtype: torch.float32 }).view(count, 2));

function allBatches(count: number, options: DataLoaderOptions<[Tensor, Tensor]>): Tensor[][] {
  return [...new DataLoader(numbers(count), options)].map((batch) => [...batch]);
}

describe('refuses', () => {
  it.each([0, -1, 1.5, Number.NaN])('batch_size %s', (batch_size) => {
    expect(() => new DataLoader(numbers(3), { batch_size })).toThrow(
      `batch_size should be a positive integer value, but got batch_size=${Number.isNaN(batch_size) ? 'nan' : batch_size}`,
    );
  });

  it('to shuffle nothing, in Python’s words', () => {
    expect(() => new DataLoader(numbers(0), { shuffle: true })).toThrow(
      'num_samples should be a positive integer value, but got num_samples=0',
    );
  });

  it('tensors of different first sizes, and none', () => {
    expect(() => new TensorDataset(torch.zeros(2), torch.zeros(3))).toThrow('Size mismatch between tensors');
    expect(() => new TensorDataset().length).toThrow('tuple index out of range');
  });
});

describe('sizes', () => {
  it.each([
    [10, 3, false, 4],
    [10, 3, true, 3],
    [9, 3, false, 3],
    [2, 3, false, 1],
    [2, 3, true, 0],
    [0, 3, false, 0],
  ])('%i samples by %i, drop_last %s: %i batches', (count, batch_size, drop_last, expected) => {
    const loader = new DataLoader(numbers(count), { batch_size, drop_last });
    expect(loader.length).toBe(expected);
    expect([...loader].length).toBe(expected);
  });

  it('a batch is a copy', () => {
    const dataset = numbers(2);
    const [[batch]] = [...new DataLoader(dataset, { batch_size: 2 })] as [[Tensor, Tensor]];
    batch.fill_(7);
    expect(dataset[0]![0].item()).toBe(0);
  });
});

const loader = (count: number, python: string, options: DataLoaderOptions<[Tensor, Tensor]>): ParityCase => ({
  name: `${count} samples, ${python}`,
  // Two passes, and what is drawn after them.
  python: `
    from torch.utils.data import DataLoader, TensorDataset
    data = TensorDataset(torch.arange(${count}), torch.arange(${count * 2}.0).view(${count}, 2))
    loader = DataLoader(data, ${python})
    return [[list(batch) for batch in loader] for _ in range(2)] + [torch.randn(3)]`,
  ours: () => [allBatches(count, options), allBatches(count, options), torch.randn([3])],
});

parity(
  'DataLoader',
  [
    loader(7, 'batch_size=3', { batch_size: 3 }),
    loader(7, 'batch_size=3, drop_last=True', { batch_size: 3, drop_last: true }),
    loader(7, 'batch_size=3, shuffle=True', { batch_size: 3, shuffle: true }),
    loader(6, 'batch_size=3, shuffle=True', { batch_size: 3, shuffle: true }),
    loader(7, 'batch_size=3, shuffle=True, drop_last=True', { batch_size: 3, shuffle: true, drop_last: true }),
    loader(2, 'batch_size=3, shuffle=True, drop_last=True', { batch_size: 3, shuffle: true, drop_last: true }),
    {
      name: 'a generator of its own, also left in the middle of a pass',
      python: `
        from torch.utils.data import DataLoader, TensorDataset
        g = torch.Generator().manual_seed(3)
        loader = DataLoader(TensorDataset(torch.arange(5)), batch_size=2, shuffle=True, generator=g)
        full = [batch[0] for batch in loader]
        part = next(iter(loader))[0]
        return [full, part, g.get_state()]`,
      ours: () => {
        const generator = new torch.Generator().manual_seed(3);
        const loader = new DataLoader(new TensorDataset(torch.arange(5)), { batch_size: 2, shuffle: true, generator });
        const full = [...loader].map(([batch]) => batch);
        const part = loader[Symbol.iterator]().next().value?.[0];
        return [full, part, generator.get_state()];
      },
    },
    {
      name: 'an iterator that is made but not used',
      python: `
        from torch.utils.data import DataLoader, TensorDataset
        iter(DataLoader(TensorDataset(torch.arange(5)), shuffle=True))
        return torch.randn(2)`,
      ours: () => {
        new DataLoader(numbers(5), { shuffle: true })[Symbol.iterator]();
        return torch.randn([2]);
      },
    },
  ],
  { threads: [1] },
);

const sampler = (python: string, ours: () => Iterable<number>): ParityCase => ({
  python: `
    from torch.utils.data import RandomSampler, SequentialSampler
    return [list(${python}), torch.randn(2)]`,
  name: python,
  ours: () => [[...ours()], torch.randn([2])],
});

parity(
  'samplers',
  [
    sampler('SequentialSampler(range(4))', () => new SequentialSampler({ length: 4 })),
    sampler('RandomSampler(range(9))', () => new RandomSampler({ length: 9 })),
    sampler('RandomSampler(range(9), num_samples=4)', () => new RandomSampler({ length: 9 }, { num_samples: 4 })),
    sampler('RandomSampler(range(9), num_samples=22)', () => new RandomSampler({ length: 9 }, { num_samples: 22 })),
    sampler(
      'RandomSampler(range(9), replacement=True, num_samples=70)',
      () => new RandomSampler({ length: 9 }, { replacement: true, num_samples: 70 }),
    ),
  ],
  { threads: [1] },
);

describe('resume', () => {
  it.each([
    { shuffle: true, taken: 0 },
    { shuffle: true, taken: 2 },
    { shuffle: true, taken: 4 },
    { shuffle: false, taken: 3 },
  ])('goes on with the same batches and random stream: %o', ({ shuffle, taken }) => {
    const loader = new DataLoader(numbers(10), { batch_size: 3, shuffle });
    torch.manual_seed(5);
    const first = loader[Symbol.iterator]();
    for (let i = 0; i < taken; i++) first.next();
    // Through JSON, as a checkpoint keeps it.
    const order = JSON.parse(JSON.stringify(first.state()));
    const random = torch.get_rng_state();
    const rest = [...first].map((batch) => batch[0].tolist());
    const after = torch.rand([1]).item();

    torch.manual_seed(99);
    torch.set_rng_state(random);
    const resumed = [...loader.resume(order)].map((batch) => batch[0].tolist());
    expect(resumed).toEqual(rest);
    expect(resumed.length).toBe(4 - taken);
    expect(torch.rand([1]).item()).toBe(after);
  });
});
