/** One pass over a DataLoader (Python: `_BaseDataLoaderIter`, `_SingleProcessDataLoaderIter`). */
import { is_available } from '../../accelerator';
import { isPromise, warn } from '../../core';
import { ValueError } from '../../native';
import { default_generator, type Generator } from '../../random';
import type { Tensor } from '../../memory';
import { tensor } from '../../tensor';
import { _DatasetKind, type Collate, createFetcher, type Fetcher } from './_utils/fetch';
import { pinned } from './_utils/pin_memory';
import { DistributedSampler } from './distributed';
import { BatchSampler, drawSeed, planSeed, RandomSampler, seedDrawnBy, SequentialSampler } from './sampler';
import { lengthOf } from './sized';

/** What an iterator asks of its loader. */
export interface LoaderParts {
  readonly dataset: unknown;
  readonly kind: number;
  readonly autoCollation: boolean;
  readonly drop_last: boolean;
  readonly indexSampler: Iterable<unknown>;
  readonly num_workers: number;
  readonly prefetch_factor: number | null;
  readonly collate_fn: Collate;
  readonly generator: Generator | null;
  readonly pin_memory: boolean;
  readonly pin_memory_device: string;
  readonly timeout: number;
  readonly worker_init_fn: ((id: number) => unknown) | null;
  readonly persistent_workers: boolean;
  readonly in_order: boolean;
  /** What `length` said of a stream, for the warning. */
  readonly lengthSaid: number | null;
}

/** Position of an iteration: plain data, to be stored in a checkpoint. */
export interface DataOrder {
  /** Seed of the shuffled order, in decimal; null before the first batch, and where the sampler draws none. */
  seed: string | null;
  /** Batches handed out. */
  batches: number;
  /** Where the generator stood from which a sampler draws its order itself, in base64. */
  generator?: string;
  /** Base seed of the workers, in decimal. */
  base_seed?: string;
}

/** The sampler that chooses the samples, inside of those that only group them. */
function innermost(sampler: unknown): unknown {
  return sampler instanceof BatchSampler ? innermost(sampler.sampler) : sampler;
}

/** Batches of one pass, in turn; `state()` says where it stands. */
export abstract class DataLoaderIterator<Batch> implements IterableIterator<Batch, undefined, undefined> {
  protected indices: Iterator<unknown>;
  protected readonly base_seed: bigint;
  private handedOut = 0;
  private seed: bigint | undefined;
  private drawnFrom: string | undefined;
  private begun = false;

  protected constructor(
    protected readonly loader: LoaderParts,
    resumed?: DataOrder,
  ) {
    if (loader.pin_memory && loader.pin_memory_device !== '') {
      warn(
        `pin_memory_device is deprecated, the current accelerator will be used as the device,ignore pin_memory_device='${loader.pin_memory_device}'.`,
      );
    }
    if (loader.pin_memory && !is_available()) {
      warn(
        "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
      );
    }
    this.indices = loader.indexSampler[Symbol.iterator]();
    // Python's loader draws a base seed for its workers, also when it has none.
    this.base_seed = resumed === undefined ? drawSeed(loader.generator) : BigInt(resumed.base_seed ?? 0);
    if (resumed !== undefined) this.goTo(resumed);
  }

  /** Begins another pass with the same workers. */
  protected restart(): void {
    this.indices = this.loader.indexSampler[Symbol.iterator]();
    this.handedOut = 0;
    this.begun = false;
    this.seed = undefined;
    this.drawnFrom = undefined;
  }

  /** The next batch, or the end; blocks while workers make it. */
  abstract next(): IteratorResult<Batch, undefined>;

  /** The same as a promise. */
  abstract nextLater(): Promise<IteratorResult<Batch, undefined>>;

  /** Leaves the pass: what `break` calls. */
  return(): IteratorResult<Batch, undefined> {
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** For `for await`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Batch, undefined, undefined> {
    const made: AsyncIterableIterator<Batch, undefined, undefined> = {
      next: () => this.nextLater(),
      return: async () => this.return(),
      [Symbol.asyncIterator]: () => made,
    };
    return made;
  }

  /** Number of batches in the pass (Python: `len`). */
  get length(): number {
    return lengthOf(this.loader.indexSampler);
  }

  /** Position of this iteration, for `DataLoader.resume`. With workers, what they draw begins anew there. */
  state(): DataOrder {
    return {
      seed: this.seed?.toString() ?? null,
      batches: this.handedOut,
      ...(this.drawnFrom === undefined ? {} : { generator: this.drawnFrom }),
      ...(this.loader.num_workers === 0 ? {} : { base_seed: this.base_seed.toString() }),
    };
  }

  /** Keys of the next batch. */
  protected nextIndex(): IteratorResult<unknown> {
    if (this.begun) return this.indices.next();
    this.begun = true;
    const sampler = innermost(this.loader.indexSampler);
    const drawsSeed = sampler instanceof RandomSampler && sampler.generator === null;
    if (!drawsSeed && !(sampler instanceof SequentialSampler || sampler instanceof DistributedSampler)) {
      if (this.loader.kind === _DatasetKind.Map) this.drawnFrom = textOf(sourceOf(sampler));
    }
    const next = this.indices.next();
    if (drawsSeed) this.seed = seedDrawnBy(sampler);
    return next;
  }

  /** Counts a batch that goes out. */
  protected give(data: unknown): IteratorResult<Batch, undefined> {
    this.handedOut++;
    const { lengthSaid, kind, num_workers } = this.loader;
    if (kind === _DatasetKind.Iterable && lengthSaid !== null && this.handedOut > lengthSaid) {
      const workers =
        num_workers > 0
          ? 'For multiprocessing data-loading, this could be caused by not properly configuring the IterableDataset replica at each worker. Please see https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset for examples.'
          : '';
      warn(
        `Length of IterableDataset ${String(this.loader.dataset)} was reported to be ${lengthSaid}(when accessing len(dataloader)), but ${this.handedOut} samples have been fetched. ${workers}`,
      );
    }
    const value = this.loader.pin_memory && is_available() ? pinned(data) : data;
    return { done: false, value: value as Batch };
  }

  private goTo(order: DataOrder): void {
    const sampler = innermost(this.loader.indexSampler);
    if (order.seed !== null && sampler instanceof RandomSampler) planSeed(sampler, BigInt(order.seed));
    const source = sourceOf(sampler);
    const now = source.get_state();
    if (order.generator !== undefined) source.set_state(stateFrom(order.generator));
    for (let batch = 0; batch < order.batches; batch++) {
      if (!this.nextIndex().done) continue;
      throw new ValueError(`DataLoader.resume(): ${order.batches} batches are more than a pass has, ${batch}`);
    }
    // The default generator is what the checkpoint says; one of its own is where this pass has brought it.
    if (source === default_generator && order.batches > 0) source.set_state(now);
    this.handedOut = order.batches;
    now.dispose();
  }
}

/** The generator from which a sampler draws. */
function sourceOf(sampler: unknown): Generator {
  return (sampler as { generator?: Generator | null } | null)?.generator ?? default_generator;
}

function textOf(generator: Generator): string {
  const state = generator.get_state();
  const bytes = state.toTypedArray() as Uint8Array;
  state.dispose();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function stateFrom(text: string): Tensor {
  return tensor(new Uint8Array(Buffer.from(text, 'base64')));
}

/** Loads in the thread that asks. */
export class SingleThreadIterator<Batch> extends DataLoaderIterator<Batch> {
  private readonly fetcher: Fetcher;

  constructor(loader: LoaderParts, resumed?: DataOrder) {
    super(loader, resumed);
    const { kind, dataset, autoCollation, collate_fn, drop_last } = loader;
    this.fetcher = createFetcher(kind, dataset, autoCollation, collate_fn, drop_last);
  }

  next(): IteratorResult<Batch, undefined> {
    const index = this.nextIndex();
    if (index.done) return { done: true, value: undefined };
    const fetched = this.fetcher.fetch(index.value);
    if (isPromise(fetched)) {
      (fetched as Promise<unknown>).catch(() => {});
      throw new TypeError(
        'DataLoader: the samples are promises, for which "for (const batch of loader)" cannot wait: write "for await (const batch of loader)", or give num_workers',
      );
    }
    return fetched === null
      ? { done: true, value: undefined }
      : this.give((fetched as { readonly data: unknown }).data);
  }

  async nextLater(): Promise<IteratorResult<Batch, undefined>> {
    const index = this.nextIndex();
    if (index.done) return { done: true, value: undefined };
    const fetched = await this.fetcher.fetch(index.value);
    return fetched === null ? { done: true, value: undefined } : this.give(fetched.data);
  }
}
