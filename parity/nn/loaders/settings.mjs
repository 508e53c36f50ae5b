// The settings of the part loaders, by the names that ../python/loaders.py gives them: loaders for a number of workers.
import * as torch from 'isotorch';
import * as data from 'isotorch/utils/data';
import { drawSome, longest, Noisy, Stream } from './datasets.mjs';

const { DataLoader } = data;
const rows = () => new data.TensorDataset(torch.arange(11), torch.arange(22, { dtype: torch.float32 }).view(11, 2));

export const SETTINGS = {
  sequential: (workers) => new DataLoader(new Noisy(11), { batch_size: 4, ...workers }),
  shuffle: (workers) => new DataLoader(new Noisy(11), { batch_size: 3, shuffle: true, ...workers }),
  'drop last': (workers) =>
    new DataLoader(new Noisy(11), { batch_size: 4, shuffle: true, drop_last: true, ...workers }),
  generator: (workers) => {
    const generator = new torch.Generator().manual_seed(5);
    return new DataLoader(new Noisy(11), { batch_size: 4, shuffle: true, generator, ...workers });
  },
  replacement: (workers) => {
    const sampler = new data.RandomSampler(new Noisy(11), { replacement: true, num_samples: 37 });
    return new DataLoader(new Noisy(11), { batch_size: 5, sampler, ...workers });
  },
  subset: (workers) => {
    const sampler = new data.SubsetRandomSampler([1, 3, 5, 7, 9]);
    return new DataLoader(new Noisy(11), { batch_size: 2, sampler, ...workers });
  },
  weighted: (workers) => {
    const sampler = new data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 8, true);
    return new DataLoader(new Noisy(11), { batch_size: 3, sampler, ...workers });
  },
  'batch sampler': (workers) => {
    const batch_sampler = new data.BatchSampler(new data.RandomSampler(new Noisy(11)), 3, true);
    return new DataLoader(new Noisy(11), { batch_sampler, ...workers });
  },
  'no batches': (workers) => new DataLoader(new Noisy(5), { batch_size: null, shuffle: true, ...workers }),
  stream: (workers) => new DataLoader(new Stream(13), { batch_size: 3, drop_last: true, ...workers }),
  split: (workers) => {
    const [first] = data.random_split(new data.StackDataset({ rows: rows(), noise: new Noisy(11) }), [0.7, 0.3]);
    return new DataLoader(first, { batch_size: 3, shuffle: true, ...workers });
  },
  distributed: (workers) => {
    const both = new data.ConcatDataset([new Noisy(6), new Noisy(5)]);
    const sampler = new data.DistributedSampler(both, { num_replicas: 3, rank: 1, seed: 4 });
    const kept = workers.num_workers > 0 ? { persistent_workers: true, prefetch_factor: 3 } : {};
    const worker_init_fn = drawSome;
    return new DataLoader(both, { batch_size: 2, sampler, collate_fn: longest, worker_init_fn, ...workers, ...kept });
  },
};
