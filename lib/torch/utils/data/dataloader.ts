/** Batches of a dataset, in Python's order and with Python's draws (Python: `torch.utils.data.DataLoader`). */
import { readOptions } from '../../call';
import { typeName } from '../../core';
import { ValueError } from '../../native';
import { Generator } from '../../random';
import { tensor } from '../../tensor';
import type { Dataset } from './dataset';
import { checkSized, drawSeed, RandomSampler, SequentialSampler } from './sampler';

/** Keyword arguments of `DataLoader`. */
export interface DataLoaderOptions {
  batch_size?: number;
  /** A fresh random order each pass. */
  shuffle?: boolean;
  /** Leave out a last batch that is smaller than the others. */
  drop_last?: boolean;
  /** Draws seeds and orders; the default generator unless given. */
  generator?: Generator;
}

/** Position of an iteration: plain data, to be stored in a checkpoint. */
export interface DataOrder {
  /** Seed of the shuffled order, in decimal; null before the first batch, and without shuffling. */
  seed: string | null;
  /** Batches handed out. */
  batches: number;
}

/**
 * Iterable over batches. Every iteration draws one int64 from the generator at its start, and with
 * `shuffle` a second one at its first batch, as Python's does; so a seeded run sees Python's batches.
 */
export class DataLoader<Batch> implements Iterable<Batch> {
  readonly batch_size: number;
  readonly shuffle: boolean;
  readonly drop_last: boolean;
  readonly generator: Generator | undefined;

  /** @throws ValueError when `batch_size` is not a positive integer, or an empty dataset is to be shuffled. */
  constructor(
    readonly dataset: Dataset<Batch>,
    options: DataLoaderOptions = {},
    ...surplus: []
  ) {
    checkSized('DataLoader', dataset);
    if (typeof dataset.gather !== 'function')
      throw new TypeError(`DataLoader(): the dataset must have a method 'gather'`);
    if (surplus.length > 0)
      throw new TypeError(`DataLoader() takes at most 2 arguments but ${surplus.length + 2} were given`);
    const names = ['batch_size', 'shuffle', 'drop_last', 'generator'];
    const { batch_size = 1, shuffle = false, drop_last = false, generator } = readOptions('DataLoader', options, names);
    if (!Number.isSafeInteger(batch_size) || batch_size <= 0) {
      throw new ValueError(`batch_size should be a positive integer value, but got batch_size=${batch_size}`);
    }
    if (shuffle) new RandomSampler(dataset);
    this.batch_size = batch_size;
    this.shuffle = shuffle;
    this.drop_last = drop_last;
    this.generator = generator;
  }

  /** Number of batches in one pass (Python: `len(loader)`). */
  get length(): number {
    const batches = this.dataset.length / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): DataLoaderIterator<Batch> {
    return new DataLoaderIterator(this);
  }

  /** Goes on with an iteration where `order` says, without drawing anything again. */
  resume(order: DataOrder): DataLoaderIterator<Batch> {
    return new DataLoaderIterator(this, order);
  }
}

/** One pass over a DataLoader. */
export class DataLoaderIterator<Batch> implements IterableIterator<Batch> {
  readonly #loader: DataLoader<Batch>;
  #seed: bigint | undefined;
  #order: Iterator<number> | undefined;
  #batches = 0;

  constructor(loader: DataLoader<Batch>, resumed?: DataOrder) {
    if (!(loader instanceof DataLoader)) {
      throw new TypeError(`DataLoaderIterator(): expected a DataLoader, not ${typeName(loader)}`);
    }
    this.#loader = loader;
    if (resumed === undefined) {
      // Python's loader draws a base seed for its workers, also when it has none.
      drawSeed(loader.generator);
      return;
    }
    if (resumed.seed !== null) this.#seed = BigInt(resumed.seed);
    while (this.#batches < resumed.batches) {
      if (this.#nextIndices() !== undefined) continue;
      throw new ValueError(
        `DataLoader.resume(): ${resumed.batches} batches are more than a pass has, ${this.#batches}`,
      );
    }
  }

  /**
   * Position of this iteration, for `DataLoader.resume`.  @throws ValueError when the loader shuffles with a
   * generator of its own: the order is then in that generator.
   */
  state(): DataOrder {
    if (this.#loader.shuffle && this.#loader.generator !== undefined) {
      throw new ValueError('a DataLoader with a generator of its own cannot say its order; leave generator out');
    }
    return { seed: this.#seed?.toString() ?? null, batches: this.#batches };
  }

  next(): IteratorResult<Batch, undefined> {
    const indices = this.#nextIndices();
    if (indices === undefined) return { done: true, value: undefined };
    const chosen = tensor(BigInt64Array.from(indices, BigInt));
    const batch = this.#loader.dataset.gather(chosen);
    chosen.dispose();
    return { done: false, value: batch };
  }

  [Symbol.iterator](): this {
    return this;
  }

  #nextIndices(): number[] | undefined {
    this.#order ??= this.#startOrder();
    const { batch_size, drop_last } = this.#loader;
    const indices: number[] = [];
    while (indices.length < batch_size) {
      const { done, value } = this.#order.next();
      if (done) break;
      indices.push(value);
    }
    if (indices.length === 0 || (drop_last && indices.length < batch_size)) return undefined;
    this.#batches++;
    return indices;
  }

  #startOrder(): Iterator<number> {
    const { dataset, shuffle, generator } = this.#loader;
    if (!shuffle) return new SequentialSampler(dataset)[Symbol.iterator]();
    if (generator !== undefined) return new RandomSampler(dataset, { generator })[Symbol.iterator]();
    this.#seed ??= drawSeed();
    const seeded = new Generator().manual_seed(this.#seed);
    return new RandomSampler(dataset, { generator: seeded })[Symbol.iterator]();
  }
}
