/** Data sets (Python: `torch.utils.data.dataset`). */
import { type Arguments, bind, pythonFunction, refuseKeywords, signature } from '../../call';
import { placeClasses, typeName } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { AssertionError, NotImplementedError, ValueError } from '../../native';
import { itemOf, lengthOf, refuseArguments } from './sized';

/** What a DataLoader takes: a Dataset, or anything with Python's `__getitem__`; a list; a map. */
export type DatasetLike<T> =
  | { __getitem__(index: never): T }
  | readonly T[]
  | ReadonlyMap<unknown, T>
  | (Iterable<T> & { __add__(other: never): unknown });

const INDEX = /^-?(0|[1-9]\d*)$/;

/** The end of the chain of prototypes: `dataset[3]` asks `__getitem__`. */
const brackets: ProxyHandler<object> = {
  get(target, name, receiver) {
    if (typeof name !== 'string' || !INDEX.test(name)) return Reflect.get(target, name, receiver) as unknown;
    return (receiver as Dataset).__getitem__(Number(name));
  },
};

/**
 * Samples by key: subclasses write `__getitem__(index)`, and `__len__()` where there is a number of them.
 *
 * `dataset[i]` and `dataset.length` call them. `__getitem__` may return a promise where a loader has workers, or is
 * iterated by `for await`. A method `__getitems__(indices)` gives a whole batch of samples at once.
 * A class with private fields (`#x`) or other things that cannot be sent to a worker has `__reduce__()`: see `docs/data.md`.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.Dataset
 */
export class Dataset<T = unknown, Key = number> {
  static {
    Object.setPrototypeOf(Dataset.prototype, new Proxy(Object.prototype, brackets));
  }

  /** The module that exports this class, `import.meta.url` or `__filename`: where worker threads find it. */
  static __module__?: string;

  /** The sample `dataset[index]`. */
  readonly [index: number]: T;

  constructor(...none: []) {
    refuseArguments(new.target.name, none);
  }

  /** The sample with this key. @throws NotImplementedError where a subclass has none */
  __getitem__(index: Key): T;
  __getitem__(): T {
    throw new NotImplementedError('Subclasses of Dataset should implement __getitem__.');
  }

  /** Number of samples (Python: `len(dataset)`). @throws TypeError where there is no `__len__` */
  get length(): number {
    const { __len__ } = this as { __len__?(): number };
    if (typeof __len__ !== 'function') throw new TypeError(`object of type '${typeName(this)}' has no len()`);
    return Reflect.apply(__len__, this, []);
  }

  /** Both data sets, one after the other (Python: `a + b`). */
  __add__<U>(other: DatasetLike<U>): Dataset<T | U> {
    return new ConcatDataset<T | U>([this as DatasetLike<T>, other]);
  }
}

/**
 * A stream of samples: subclasses write `[Symbol.iterator]()`, or `[Symbol.asyncIterator]()`.
 *
 * With workers each has a copy of its own, which gives all samples unless `get_worker_info()` tells it which are its.
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset
 */
export class IterableDataset<T = unknown> extends Dataset<T> implements Iterable<T> {
  /** Iterates over the samples. @throws NotImplementedError where a subclass has no iterator */
  [Symbol.iterator](): Iterator<T> {
    this.__getitem__(0);
    throw new TypeError(`'${typeName(this)}' object is not iterable`);
  }

  /** Both streams, one after the other (Python: `a + b`). */
  override __add__<U>(other: DatasetLike<U>): IterableDataset<T | U> {
    return new ChainDataset<T | U>([this, other as IterableDataset<U>]);
  }
}

/** Tensors of equal first size; sample `i` is row `i` of each. */
export class TensorDataset<Tensors extends readonly Tensor[] = readonly Tensor[]> extends Dataset<Tensors> {
  readonly tensors: Tensors;

  /** @throws AssertionError when first sizes differ */
  constructor(...tensors: Tensors) {
    super();
    refuseKeywords('TensorDataset.__init__', tensors);
    for (const tensor of tensors) {
      if (!isTensor(tensor)) throw new TypeError(`TensorDataset takes tensors, not ${typeName(tensor)}`);
    }
    const [first] = tensors;
    if (tensors.some((tensor) => first?.size(0) !== tensor.size(0))) {
      throw new AssertionError('Size mismatch between tensors');
    }
    this.tensors = tensors;
  }

  /** Row `index` of each tensor, as views. */
  override __getitem__(index: number): Tensors {
    return this.tensors.map((tensor) => tensor.get(index)) as unknown as Tensors;
  }

  __len__(): number {
    const [first] = this.tensors;
    if (first === undefined) throw new RangeError('tuple index out of range');
    return first.size(0);
  }
}

function* running<T>(datasets: Iterable<DatasetLike<T>>): Generator<number> {
  let sum = 0;
  for (const dataset of datasets) {
    sum += lengthOf(dataset);
    yield sum;
  }
}

const CONCAT = ['datasets'] as const;
const concat = signature('ConcatDataset.__init__', ['self', ...CONCAT], 2);

/** Several data sets as one, one after the other. */
export class ConcatDataset<T = unknown> extends Dataset<T> {
  readonly datasets: DatasetLike<T>[];
  /** Number of samples up to the end of each data set. */
  readonly cumulative_sizes: number[];

  /** @throws AssertionError without data sets, and for streams */
  constructor(...args: Arguments<typeof CONCAT, [datasets: Iterable<DatasetLike<T>>]>) {
    super();
    const [, datasets] = bind(concat, [null, ...args]) as [null, Iterable<DatasetLike<T>>];
    this.datasets = [...datasets];
    if (this.datasets.length === 0) throw new AssertionError('datasets should not be an empty iterable');
    if (this.datasets.some((dataset) => dataset instanceof IterableDataset)) {
      throw new AssertionError('ConcatDataset does not support IterableDataset');
    }
    this.cumulative_sizes = ConcatDataset.cumsum(this.datasets);
  }

  /** Running sums of lengths. */
  static readonly cumsum = pythonFunction(
    'ConcatDataset.cumsum',
    ['sequence'],
    (sequence: Iterable<DatasetLike<unknown>>): number[] => [...running(sequence)],
  );

  __len__(): number {
    return this.cumulative_sizes.at(-1) as number;
  }

  /** @throws ValueError for a negative index below the first sample */
  override __getitem__(idx: number): T {
    if (idx < 0 && -idx > this.length) {
      throw new ValueError('absolute value of index should not exceed dataset length');
    }
    const place = idx < 0 ? this.length + idx : idx;
    const at = this.cumulative_sizes.findIndex((end) => place < end);
    if (at < 0) throw new RangeError('list index out of range');
    return itemOf(this.datasets[at], place - (this.cumulative_sizes[at - 1] ?? 0)) as T;
  }
}

const CHAIN = ['datasets'] as const;
const chain = signature('ChainDataset.__init__', ['self', ...CHAIN], 2);

/** Several streams as one, one after the other. */
export class ChainDataset<T = unknown> extends IterableDataset<T> {
  readonly datasets: Iterable<IterableDataset<T>>;

  constructor(...args: Arguments<typeof CHAIN, [datasets: Iterable<IterableDataset<T>>]>) {
    super();
    const [, datasets] = bind(chain, [null, ...args]) as [null, Iterable<IterableDataset<T>>];
    this.datasets = datasets;
  }

  override *[Symbol.iterator](): Iterator<T> {
    for (const dataset of streams(this.datasets)) yield* dataset;
  }

  __len__(): number {
    let total = 0;
    for (const dataset of streams(this.datasets)) total += lengthOf(dataset);
    return total;
  }
}

function* streams<T>(datasets: Iterable<IterableDataset<T>>): Generator<IterableDataset<T>> {
  for (const dataset of datasets) {
    if (!(dataset instanceof IterableDataset)) throw new AssertionError('ChainDataset only supports IterableDataset');
    yield dataset;
  }
}

placeClasses({
  'torch.utils.data.dataset': { ChainDataset, ConcatDataset, Dataset, IterableDataset, TensorDataset },
});
