/** Batches of a dataset, in Python's order and with Python's draws (Python: `torch.utils.data.DataLoader`). */
import { type Arguments, bind, type KeywordsOf, signature } from '../../call';
import { placeClasses, typeName, valueText } from '../../core';
import { NotImplementedError, ValueError } from '../../native';
import { Generator } from '../../random';
import { tensor } from '../../tensor';
import type { Dataset } from './dataset';
import { checkSized, drawSeed, RandomSampler, SequentialSampler } from './sampler';

/** Python's parameters in its order. */
const PARAMETERS = [
  ...([
    'dataset{}',
    'batch_size',
    'shuffle',
    'sampler',
    'batch_sampler',
    'num_workers',
    'collate_fn',
    'pin_memory',
  ] as const),
  ...(['drop_last', 'timeout', 'worker_init_fn', 'multiprocessing_context', 'generator'] as const),
  ...(['*', 'prefetch_factor', 'persistent_workers', 'pin_memory_device', 'in_order'] as const),
] as const;

/** What is not here yet takes its default only. */
type Settings<Batch> = [
  dataset: Dataset<Batch>,
  batch_size?: number,
  shuffle?: boolean | null,
  sampler?: null,
  batch_sampler?: null,
  num_workers?: 0,
  collate_fn?: null,
  pin_memory?: false,
  drop_last?: boolean,
  timeout?: 0,
  worker_init_fn?: null,
  multiprocessing_context?: null,
  generator?: Generator | null,
  prefetch_factor?: null,
  persistent_workers?: false,
  pin_memory_device?: '',
  in_order?: true,
];

const parameters = signature('DataLoader.__init__', ['self', ...PARAMETERS], 2);

/** Defaults of what is not here yet, by name. */
const ABSENT: Readonly<Record<string, unknown>> = {
  sampler: null,
  batch_sampler: null,
  num_workers: 0,
  collate_fn: null,
  pin_memory: false,
  timeout: 0,
  worker_init_fn: null,
  multiprocessing_context: null,
  prefetch_factor: null,
  persistent_workers: false,
  pin_memory_device: '',
  in_order: true,
};

/** The arguments by name; refuses those that would change what is not here yet. */
function readSettings(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const values = bind(parameters, [null, ...args]);
  const given: Record<string, unknown> = Object.create(null);
  for (const [i, name] of parameters.names.entries()) {
    given[name] = values[i];
    if (!(name in ABSENT) || values[i] === undefined || values[i] === ABSENT[name]) continue;
    throw new NotImplementedError(`DataLoader(): ${name}=${valueText(values[i])} is not supported yet; leave it out`);
  }
  return given;
}

/** All but the dataset, by keyword. */
export type DataLoaderOptions = Omit<KeywordsOf<typeof DataLoader>, 'dataset'>;

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
  readonly dataset: Dataset<Batch>;
  readonly batch_size: number;
  /** Whether each pass has a fresh random order. */
  readonly shuffle: boolean;
  /** Whether a last batch that is smaller than the others is left out. */
  readonly drop_last: boolean;
  /** Draws seeds and orders; the default generator where null. */
  readonly generator: Generator | null;

  /** @throws ValueError when `batch_size` is not a positive integer, or an empty dataset is to be shuffled. */
  constructor(...args: Arguments<typeof PARAMETERS, Settings<Batch>>) {
    const {
      dataset,
      batch_size = 1,
      shuffle,
      drop_last = false,
      generator = null,
    } = readSettings(args) as {
      dataset: Dataset<Batch>;
      batch_size?: number;
      shuffle?: boolean | null;
      drop_last?: boolean;
      generator?: Generator | null;
    };
    checkSized('DataLoader', dataset);
    if (typeof dataset.gather !== 'function')
      throw new TypeError(`DataLoader(): the dataset must have a method 'gather'`);
    if (!Number.isSafeInteger(batch_size) || batch_size <= 0) {
      throw new ValueError(`batch_size should be a positive integer value, but got batch_size=${batch_size}`);
    }
    if (shuffle) new RandomSampler(dataset);
    this.batch_size = batch_size;
    this.shuffle = shuffle ?? false;
    this.dataset = dataset;
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
    if (this.#loader.shuffle && this.#loader.generator !== null) {
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
    if (generator !== null) return new RandomSampler(dataset, { generator })[Symbol.iterator]();
    this.#seed ??= drawSeed();
    const seeded = new Generator().manual_seed(this.#seed);
    return new RandomSampler(dataset, { generator: seeded })[Symbol.iterator]();
  }
}

placeClasses({ 'torch.utils.data.dataloader': { DataLoader } });
