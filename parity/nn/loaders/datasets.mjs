// Data sets of the part loaders: those of ../python/loaders.py, line by line.
import * as torch from 'isotorch';
import { Dataset, get_worker_info, IterableDataset } from 'isotorch/utils/data';

const { python, numpy } = torch.random;

/** Draws from each stream. */
const drawn = () => [
  torch.rand(2),
  torch.nn.functional.dropout(torch.ones(8), 0.5),
  torch.randperm(5),
  python.random(),
  BigInt(python.randrange(1000)),
  numpy.random_sample(2),
  torch.randn(17),
];

export class Noisy extends Dataset {
  static __module__ = import.meta.url;

  constructor(size) {
    super();
    this.size = size;
  }

  __len__() {
    return this.size;
  }

  __getitem__(index) {
    return { index: BigInt(index), name: `sample ${index}`, drawn: drawn(), half: index / 2, even: index % 2 === 0 };
  }
}

/** Each worker has every n-th sample. */
export class Stream extends IterableDataset {
  static __module__ = import.meta.url;

  constructor(size) {
    super();
    this.size = size;
  }

  *[Symbol.iterator]() {
    const info = get_worker_info();
    const [start, step] = info === null ? [0, 1] : [info.id, info.num_workers];
    for (let index = start; index < this.size; index += step) yield [BigInt(index), ...drawn()];
  }
}

/** Makes one tensor of each field of lists of different lengths. */
export function longest(samples) {
  const sizes = samples.map(({ index }) => Number(index) % 3);
  return [torch.rand(Math.max(...sizes) + 1), torch.tensor(samples.map(({ index }) => index))];
}
longest.__module__ = import.meta.url;

export function drawSome(worker_id) {
  for (let i = 0; i <= worker_id; i++) torch.rand(3);
  python.random();
  numpy.rand(1);
}
drawSome.__module__ = import.meta.url;
