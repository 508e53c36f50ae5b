// Worker threads of a DataLoader: what reaches them and comes back, and how they end.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { DataLoader, Subset, TensorDataset } from 'isotorch/utils/data';
import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { root } from '../../../reference/index.mjs';
import { native } from '../../support/native';
import * as sets from './datasets.mjs';

const two = { num_workers: 2 };

afterEach(async () => {
  // What is on its way to nobody goes with its worker.
  await vi.waitFor(() => expect(native.parcels_waiting()).toBe(0), { timeout: 20_000, interval: 20 });
});

const firsts = (batches: Iterable<unknown>) => [...batches].map((batch) => (batch as Tensor).tolist());

describe('what crosses', () => {
  it('tensors by their memory, numbers, maps, shared and circular objects', () => {
    const rows = torch.arange(4);
    const extra = {
      rows,
      view: rows.view(2, 2),
      map: new Map([['a', [1, { deep: new Set([2]) }]]]),
      self: null as unknown,
    };
    extra.self = extra;
    torch.manual_seed(0);
    const batches = [...new DataLoader(new sets.Witness(4, extra), { batch_size: null, ...two })] as unknown[][];
    expect(batches.map(([index, id]) => [index, id])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    expect(new Set(batches.map(([, , , address]) => address))).toEqual(new Set([String(rows.data_ptr())]));
    expect(new Set(batches.map(([, , , , threads]) => threads))).toEqual(new Set([1]));
    const seeds = batches.map(([, , seed]) => seed as bigint);
    expect(seeds[1]).toBe(seeds[0]! + 1n);
    expect(seeds[2]).toBe(seeds[0]);
  });

  it('batches without a copy, and what a worker made stays when it has ended', async () => {
    const batches = [...new DataLoader(new sets.Numbers(6), { batch_size: 2, ...two })];
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(firsts(batches)).toEqual([
      [
        [0, 0],
        [1, 1],
      ],
      [
        [2, 2],
        [3, 3],
      ],
      [
        [4, 4],
        [5, 5],
      ],
    ]);
  });

  it('parts of the library’s own data sets, and a collate_fn', () => {
    const subset = new Subset(new TensorDataset(torch.arange(10)), [9, 8, 7]);
    const rows = [...new DataLoader(subset, { batch_size: 2, ...two })] as Tensor[][];
    expect(rows.map((batch) => firsts(batch))).toEqual([[[9, 8]], [[7]]]);
    const summed = new DataLoader(new sets.Numbers(4), { batch_size: 2, collate_fn: sets.sum, ...two });
    expect(firsts(summed)).toEqual([
      [1, 1],
      [5, 5],
    ]);
  });

  it('a class with private fields that says how it is made', () => {
    expect(firsts(new DataLoader(new sets.Private(3), { batch_size: 3, ...two }))).toEqual(
      [[0n, 2n, 4n]].map((x) => x.map(Number)),
    );
  });

  it('samples that are promises, with workers and by for await', async () => {
    const later = new sets.Later(5);
    expect(firsts(new DataLoader(later, { batch_size: 2, ...two }))).toEqual([[0, 1], [2, 3], [4]]);
    for (const options of [two, {}]) {
      const seen: unknown[] = [];
      for await (const batch of new DataLoader(later, { batch_size: 2, ...options })) seen.push(batch);
      expect(firsts(seen)).toEqual([[0, 1], [2, 3], [4]]);
    }
    expect(() => [...new DataLoader(later)]).toThrow('write "for await (const batch of loader)", or give num_workers');
  });
});

describe('what cannot cross is named, with the remedy', () => {
  it.each([
    [
      new sets.Homeless(2),
      {},
      'DataLoader.dataset is an object of class Homeless, which a worker thread cannot find: write "static __module__ = import.meta.url"',
    ],
    [
      new sets.Locked(2),
      {},
      'the private fields of class Locked (#scale) cannot be copied. Write private instead of #',
    ],
    [
      new sets.Witness(2, { net: torch.ones(1, { requires_grad: true }).mul(2) }),
      {},
      'Cowardly refusing to serialize non-leaf tensor',
    ],
    [
      new sets.Witness(2, { open: Promise.resolve() }),
      {},
      'DataLoader.dataset.extra.open is a Promise, which cannot be sent',
    ],
    [new sets.Witness(2, [{ net: new torch.nn.Linear(1, 1) }]), {}, 'DataLoader.dataset.extra[0].net is an nn.Module'],
    [
      new sets.Numbers(2),
      { collate_fn: (x: unknown) => x },
      'DataLoader.collate_fn is the function collate_fn, which a worker thread cannot find: set collate_fn.__module__',
    ],
    [new sets.Numbers(2), { multiprocessing_context: 'fork' as never }, 'workers are threads of this process'],
  ])('%#', (dataset, options, message) => {
    expect(() => [...new DataLoader(dataset as sets.Numbers, { ...two, ...options } as object)]).toThrow(message);
  });

  it('a class that its module does not export', () => {
    class Numbers2 extends sets.Numbers {
      static override __module__ = sets.Numbers.__module__;
    }
    const loader = new DataLoader(new Numbers2(2), two);
    const batches = loader[Symbol.iterator]();
    expect(() => batches.next()).toThrow(
      /^Caught TypeError in DataLoader worker process 0, before the first sample\.\n[\s\S]*has no export Numbers2/,
    );
    batches.return();
  });
});

it('sends a part of a buffer without the rest', () => {
  const rows = new Float64Array(1000).map((_, i) => i).subarray(500, 502);
  const loader = new DataLoader(new sets.Views(rows), { batch_size: null, ...two });
  const seen = ([...loader] as unknown as [Tensor, number][]).map(([row, behind]) => [row.tolist(), behind]);
  expect(seen).toEqual([
    [[500], 16],
    [[501], 16],
  ]);
});

describe('a worker that fails', () => {
  const loader = (fault: string, options: object = {}) =>
    new DataLoader(new sets.Faulty(fault), { batch_size: 2, ...two, ...options });
  const at = 'in DataLoader worker process 0, at sample 5 of [4,5].';

  it.each([
    [
      'throw',
      torch.ValueError,
      `Caught ValueError ${at}\nOriginal stack:\nValueError: no such picture\n    at Faulty.__getitem__`,
    ],
    ['throw own', Error, `Caught Error ${at}\nOriginal stack:\nError: own`],
    ['throw text', Error, `Caught Error ${at}\nOriginal stack:\nError: a text`],
    ['shrink', RangeError, 'sample 5 of the Faulty of length 8 is undefined'],
    ['function', TypeError, 'expected Tensor as element 1 in argument 0, but got function'],
    ['graph', torch.TorchError, 'stack expects each tensor to be equal size'],
    ['exit', torch.TorchError, 'DataLoader worker (thread 0) exited unexpectedly'],
    ['uncaught', Error, 'Caught Error in DataLoader worker process 0, outside of the data set.'],
  ])('%s', (fault, type, words) => {
    const batches = loader(fault)[Symbol.iterator]();
    let caught: unknown;
    try {
      while (!batches.next().done);
    } catch (error) {
      caught = error;
    }
    batches.return();
    expect(caught).toBeInstanceOf(type);
    expect((caught as Error).message).toContain(words);
  });

  it.each(['hang', 'wait', 'exit', 'throw'])('%s, by for await and with a timeout', async (fault) => {
    const seen: number[] = [];
    const batches = loader(fault, { timeout: 2 })[Symbol.iterator]();
    const run = async () => {
      for await (const batch of batches[Symbol.asyncIterator]()) seen.push((batch as Tensor).size(0));
    };
    const words =
      { exit: 'exited unexpectedly', throw: 'no such picture' }[fault] ??
      'DataLoader timed out after 2 seconds: worker 0';
    await expect(run()).rejects.toThrow(words);
    batches.return();
    // A worker that died is reported as soon as that is seen.
    if (fault !== 'exit') expect(seen).toEqual([2, 2]);
  });

  it('goes on after an error of a sample, as Python does', () => {
    const batches = loader('throw')[Symbol.iterator]();
    expect([batches.next(), batches.next()].map(({ done }) => done)).toEqual([false, false]);
    expect(() => batches.next()).toThrow('no such picture');
    expect((batches.next().value as Tensor).tolist()).toEqual([6, 7]);
    expect(batches.next().done).toBe(true);
  });

  it('in worker_init_fn', () => {
    const failing = new DataLoader(new sets.Numbers(4), { worker_init_fn: sets.failing, ...two });
    const batches = failing[Symbol.iterator]();
    batches.next();
    expect(() => batches.next()).toThrow('Caught RangeError in DataLoader worker process 1, before the first sample.');
    batches.return();
  });
});

describe('a program', () => {
  const run = (body: string, ...options: string[]) => {
    const sets = JSON.stringify(new URL('./datasets.mjs', import.meta.url).href);
    const text = `import { DataLoader } from 'isotorch/utils/data'; import * as sets from ${sets}; const two = { num_workers: 2 }; ${body}`;
    return execFileSync(process.execPath, [...options, '--input-type=module', '-e', text], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    });
  };

  it('ends while workers are kept, hang, and have work left', () => {
    const text = `
      for (const _ of new DataLoader(new sets.Numbers(100), { persistent_workers: true, ...two })) break;
      const hanging = new DataLoader(new sets.Faulty('hang'), { batch_size: 2, ...two })[Symbol.iterator]();
      hanging.next();
      console.log('end');`;
    expect(run(text)).toBe('end\n');
  });

  it('goes on when a worker has no memory left', () => {
    const text = `
      try {
        for (const _ of new DataLoader(new sets.Faulty('memory'), { batch_size: 2, ...two }));
      } catch (error) { console.log(error.message); }`;
    expect(run(text, '--max-old-space-size=150')).toContain('DataLoader worker (thread 0) exited unexpectedly');
  });
});

describe('passes', () => {
  it('a break ends the workers, and what they made is freed', () => {
    for (const batch of new DataLoader(new sets.Numbers(40), { batch_size: 2, ...two })) {
      expect(batch.shape).toEqual([2, 2]);
      break;
    }
  });

  it('persistent workers keep their number of threads and begin anew, also after a break', () => {
    const loader = new DataLoader(new sets.Numbers(5), { batch_size: 2, persistent_workers: true, ...two });
    for (const _ of loader) break;
    for (let pass = 0; pass < 2; pass++) expect(firsts(loader).length).toBe(3);
    loader.close();
  });

  it('streams that end at different times, and once more', () => {
    const loader = new DataLoader(new sets.Stream([5, 1]), { batch_size: 2, persistent_workers: true, ...two });
    for (let pass = 0; pass < 2; pass++) expect(firsts(loader)).toEqual([[0, 1], [10], [2, 3], [4]]);
    loader.close();
  });

  it('out of order, every batch comes once', () => {
    const loader = new DataLoader(new sets.Later(20), { batch_size: 2, in_order: false, ...two });
    expect(
      firsts(loader)
        .flat()
        .toSorted((a, b) => Number(a) - Number(b)),
    ).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('are resumed without drawing', () => {
    const loader = new DataLoader(new sets.Numbers(9), { batch_size: 2, shuffle: true, ...two });
    torch.manual_seed(3);
    const batches = loader[Symbol.iterator]();
    batches.next();
    const order = JSON.parse(JSON.stringify(batches.state()));
    const state = torch.get_rng_state();
    const rest = firsts(batches);
    torch.manual_seed(4);
    torch.set_rng_state(state);
    expect(firsts(loader.resume(order))).toEqual(rest);
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true);
  });
});
