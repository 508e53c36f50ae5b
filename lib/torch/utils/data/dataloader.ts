/** Batches of a data set, in Python's order and with Python's draws (Python: `torch.utils.data.dataloader`). */
import { availableParallelism } from 'node:os';
import { type Arguments, bind, type KeywordsOf, signature } from '../../call';
import { placeClasses, valueText, warn } from '../../core';
import { ValueError } from '../../native';
import type { Generator } from '../../random';
import { type Collated, default_collate, default_convert } from './_utils/collate';
import { _DatasetKind, type Collate } from './_utils/fetch';
import { type DatasetLike, IterableDataset } from './dataset';
import { type DataLoaderIterator, type DataOrder, type LoaderParts, SingleThreadIterator } from './iterator';
import { BatchSampler, RandomSampler, Sampler, SequentialSampler } from './sampler';
import { lengthOf } from './sized';
import { WorkersIterator } from './workers_iterator';

/** Python's parameters in its order. */
const PARAMETERS = [
  ...(['dataset{}', 'batch_size', 'shuffle', 'sampler', 'batch_sampler', 'num_workers', 'collate_fn'] as const),
  ...(['pin_memory', 'drop_last', 'timeout', 'worker_init_fn', 'multiprocessing_context', 'generator'] as const),
  ...(['*', 'prefetch_factor', 'persistent_workers', 'pin_memory_device', 'in_order'] as const),
] as const;

type Settings<T, Batch> = [
  dataset: DatasetLike<T>,
  batch_size?: number | null,
  shuffle?: boolean | null,
  sampler?: Iterable<unknown> | null,
  batch_sampler?: Iterable<readonly unknown[]> | null,
  num_workers?: number,
  collate_fn?: ((samples: Awaited<T>[]) => Batch | Promise<Batch>) | null,
  pin_memory?: boolean,
  drop_last?: boolean,
  timeout?: number,
  worker_init_fn?: ((worker_id: number) => unknown) | null,
  multiprocessing_context?: null,
  generator?: Generator | null,
  prefetch_factor?: number | null,
  persistent_workers?: boolean,
  pin_memory_device?: string,
  in_order?: boolean,
];

/** A collate_fn; loaders of narrower samples stand for those of wider ones. */
type Collates<T, Batch> = { of(samples: Awaited<T>[]): Batch | Promise<Batch> }['of'];

const parameters = signature('DataLoader.__init__', ['self', ...PARAMETERS], 2);

/** All but the dataset, by keyword. */
export type DataLoaderOptions<T = unknown, Batch = Collated<Awaited<T>>> = Omit<
  KeywordsOf<typeof DataLoader<T, Batch>>,
  'dataset'
>;

/** Keys of a stream, which has none. */
class _InfiniteConstantSampler extends Sampler<null> {
  override *[Symbol.iterator](): Iterator<null> {
    for (;;) yield null;
  }
}

/** What may not be set once the loader is made. */
const FIXED = ['batch_size', 'batch_sampler', 'sampler', 'drop_last', 'dataset', 'persistent_workers'] as const;

/**
 * Iterable over the batches of a data set: `for (const batch of loader)`, or `for await`.
 *
 * Every iteration draws one int64 from the generator at its start, and with `shuffle` a second one at its first batch, as Python's
 * does; so a seeded run sees Python's batches. With `num_workers` threads load the batches; what they draw (`torch.rand`,
 * `torch.random.python`, `torch.random.numpy`) is what Python's worker processes draw.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 */
export class DataLoader<T = unknown, Batch = Collated<Awaited<T>>> implements Iterable<Batch>, AsyncIterable<Batch> {
  readonly dataset: DatasetLike<T>;
  /** Samples of a batch; null where the sampler groups them, or nothing does. */
  readonly batch_size: number | null;
  /** What chooses the samples. */
  readonly sampler: Iterable<unknown>;
  /** What groups them; null where each sample comes alone. */
  readonly batch_sampler: Iterable<readonly unknown[]> | null;
  /** Threads that load; 0 loads where the loader is iterated. */
  num_workers: number;
  /** Makes a batch of a list of samples. */
  collate_fn: Collates<T, Batch>;
  /** Whether batches are copied into memory that an accelerator copies from fast. */
  pin_memory: boolean;
  /** Whether a last batch that is smaller than the others is left out. */
  readonly drop_last: boolean;
  /** Seconds to wait for a batch of a worker; 0 waits for ever. */
  timeout: number;
  /** Called in each worker with its number, after seeding. */
  worker_init_fn: ((worker_id: number) => unknown) | null;
  /** Always null: threads have no way to start but one. */
  readonly multiprocessing_context: null = null;
  /** Draws seeds and orders; the default generator where null. */
  generator: Generator | null;
  /** Batches that each worker loads ahead; null without workers. */
  prefetch_factor: number | null;
  /** Whether workers stay for the next pass. */
  readonly persistent_workers: boolean;
  /** Has no effect, as in Python. */
  pin_memory_device: string;
  /** Whether batches come in the sampler's order, rather than as they are ready. */
  in_order: boolean;
  private readonly kind: number;
  private iterator: WorkersIterator<Batch> | null = null;
  private lengthSaid: number | null = null;

  /** @throws ValueError for options that exclude each other, and values that none takes */
  constructor(...args: Arguments<typeof PARAMETERS, Settings<T, Batch>>) {
    const [, dataset, batch_size = 1, shuffle, sampler = null, batch_sampler = null, num_workers = 0, ...others] = bind(
      parameters,
      [null, ...args],
    ) as [null, ...Settings<T, Batch>];
    const [collate_fn = null, pin_memory = false, drop_last = false, timeout = 0, worker_init_fn = null, ...more] =
      others;
    const [context = null, generator = null, prefetch_factor = null, persistent_workers = false, ...last] = more;
    const [pin_memory_device = '', in_order = true] = last;
    this.num_workers = wholeNumber('num_workers', num_workers);
    if (num_workers < 0) {
      throw new ValueError('num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.');
    }
    if (timeout < 0) throw new ValueError('timeout option should be non-negative');
    this.prefetch_factor = prefetchFactor(num_workers, prefetch_factor);
    if (persistent_workers && num_workers === 0) {
      throw new ValueError('persistent_workers option needs num_workers > 0');
    }
    refuseContext(context, num_workers);
    this.kind = dataset instanceof IterableDataset ? _DatasetKind.Iterable : _DatasetKind.Map;
    if (this.kind === _DatasetKind.Iterable) refuseOrder({ shuffle, sampler, batch_sampler });
    if (sampler !== null && shuffle) throw new ValueError('sampler option is mutually exclusive with shuffle');
    if (batch_sampler !== null && (batch_size !== 1 || shuffle || sampler !== null || drop_last)) {
      throw new ValueError(
        'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last',
      );
    }
    if (batch_sampler === null && batch_size === null && drop_last) {
      throw new ValueError('batch_size=None option disables auto-batching and is mutually exclusive with drop_last');
    }
    this.dataset = dataset;
    this.batch_size = batch_sampler === null ? batch_size : null;
    this.drop_last = drop_last;
    this.sampler = sampler ?? this.defaultSampler(shuffle ?? false, generator);
    this.batch_sampler = batch_sampler;
    if (batch_sampler === null && batch_size !== null) {
      this.batch_sampler = new BatchSampler(this.sampler as Iterable<number>, batch_size, drop_last);
    }
    const makes = this.batch_sampler === null ? default_convert : default_collate;
    this.collate_fn = collate_fn ?? (makes as typeof this.collate_fn);
    this.pin_memory = pin_memory;
    this.timeout = timeout;
    this.worker_init_fn = worker_init_fn;
    this.generator = generator;
    this.persistent_workers = persistent_workers;
    this.pin_memory_device = pin_memory_device;
    this.in_order = in_order;
    for (const name of FIXED) fix(this, name);
    this.check_worker_number_rationality();
  }

  private defaultSampler(shuffle: boolean, generator: Generator | null): Iterable<unknown> {
    if (this.kind === _DatasetKind.Iterable) return new _InfiniteConstantSampler();
    const source = this.dataset as readonly T[];
    return shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source);
  }

  /** Number of batches in one pass (Python: `len(loader)`). @throws TypeError where the data set has no length */
  get length(): number {
    if (this.kind === _DatasetKind.Map) return lengthOf(this.batch_sampler ?? this.sampler);
    this.lengthSaid = lengthOf(this.dataset);
    if (this.batch_size === null) return this.lengthSaid;
    const batches = this.lengthSaid / this.batch_size;
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches);
  }

  /** A pass over the batches: waits for workers, and blocks the thread meanwhile. */
  [Symbol.iterator](): DataLoaderIterator<Batch> {
    if (!this.persistent_workers || this.num_workers === 0) return this.begin();
    if (this.iterator !== null) return this.iterator.again();
    this.iterator = this.begin() as WorkersIterator<Batch>;
    return this.iterator;
  }

  /** The same without blocking, for data sets too whose samples are promises. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Batch, undefined, undefined> {
    return this[Symbol.iterator]()[Symbol.asyncIterator]();
  }

  /** Goes on with an iteration where `order` says, without drawing anything again. */
  resume(order: DataOrder): DataLoaderIterator<Batch> {
    return this.begin(order);
  }

  /** Ends the workers that `persistent_workers` kept. */
  close(): void {
    this.iterator?.close();
    this.iterator = null;
  }

  /** Warns where there are more workers than processors. */
  check_worker_number_rationality(): void {
    const suggested = availableParallelism();
    if (this.num_workers <= suggested) return;
    warn(
      `This DataLoader will create ${this.num_workers} worker processes in total. Our suggested max number of worker in current system is ${suggested}, which is smaller than what this DataLoader is going to create. Please be aware that excessive worker creation might get DataLoader running slow or even freeze, lower the worker number to avoid potential slowness/freeze if necessary.`,
    );
  }

  private begin(order?: DataOrder): DataLoaderIterator<Batch> {
    if (this.num_workers === 0) return new SingleThreadIterator<Batch>(this.parts(), order);
    this.check_worker_number_rationality();
    return new WorkersIterator<Batch>(this.parts(), order);
  }

  private parts(): LoaderParts {
    return {
      dataset: this.dataset,
      kind: this.kind,
      autoCollation: this.batch_sampler !== null,
      drop_last: this.drop_last,
      indexSampler: this.batch_sampler ?? this.sampler,
      num_workers: this.num_workers,
      prefetch_factor: this.prefetch_factor,
      collate_fn: this.collate_fn as Collate,
      generator: this.generator,
      pin_memory: this.pin_memory,
      pin_memory_device: this.pin_memory_device,
      timeout: this.timeout,
      worker_init_fn: this.worker_init_fn,
      persistent_workers: this.persistent_workers,
      in_order: this.in_order,
      lengthSaid: this.lengthSaid,
    };
  }
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new TypeError(`DataLoader(): ${name} must be an integer, but got ${valueText(value)}`);
}

function prefetchFactor(num_workers: number, given: number | null): number | null {
  if (num_workers === 0) {
    if (given === null) return null;
    throw new ValueError(
      'prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.',
    );
  }
  if (given !== null && given < 0) throw new ValueError('prefetch_factor option should be non-negative');
  return given ?? 2;
}

function refuseContext(context: unknown, num_workers: number): void {
  if (context === null) return;
  if (num_workers === 0) {
    throw new ValueError(
      `multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got num_workers=${num_workers}`,
    );
  }
  throw new ValueError(
    `DataLoader(): multiprocessing_context=${valueText(context)} has no meaning here, because workers are threads of this process; leave it out`,
  );
}

function refuseOrder(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || (name === 'shuffle' && value === false)) continue;
    throw new ValueError(
      `DataLoader with IterableDataset: expected unspecified ${name} option, but got ${name}=${valueText(value)}`,
    );
  }
}

function fix<Loader extends { constructor: { name: string } }>(loader: Loader, name: keyof Loader & string): void {
  const value = loader[name];
  Object.defineProperty(loader, name, {
    enumerable: true,
    get: () => value,
    set() {
      throw new ValueError(`${name} attribute should not be set after ${loader.constructor.name} is initialized`);
    },
  });
}

placeClasses({ 'torch.utils.data.dataloader': { _DatasetKind, DataLoader } });
