/** Endless batches: passes over a data loader, one after the other, with a position that can be stored. */
import type { DataLoaderIterator, DataOrder } from 'isotorch/utils/data';
import { OptionError } from '../options';

/** What a feed asks of a `DataLoader`. */
export interface FeedLoader<Batch> {
  readonly length: number;
  [Symbol.iterator](): DataLoaderIterator<Batch>;
  resume(order: DataOrder): DataLoaderIterator<Batch>;
}

/** Where a feed stands. */
export interface FeedState {
  epoch: number;
  batch_size: number;
  /** Place in the pass that has begun; null between passes. */
  order: DataOrder | null;
}

/**
 * Batches of a loader, pass after pass. A pass begins with its first batch: what the loader draws for it is drawn then, as in
 * Python's `for epoch …: for batch in loader`.
 */
export class Feed<Batch> {
  /** Passes that have ended. */
  epoch = 0;
  /** Milliseconds that batches were waited for. */
  waited = 0;
  /** Samples handed out since the feed was made. */
  samples = 0;
  /** Whether the last batch was that of its pass. */
  ended = false;

  private loader: FeedLoader<Batch>;
  private pass: DataLoaderIterator<Batch> | null = null;
  private size: number;

  /** @param makeLoader Makes the loader for batches of a size; data may not draw random numbers in workers */
  constructor(
    private readonly makeLoader: (batch_size: number) => FeedLoader<Batch>,
    batch_size: number,
  ) {
    this.size = batch_size;
    this.loader = makeLoader(batch_size);
    if (this.length === 0) {
      throw new OptionError(
        `the data have fewer than ${batch_size} samples, which is one batch: take smaller batches, or more data.`,
      );
    }
  }

  /** Batches of a pass. */
  get length(): number {
    return this.loader.length;
  }

  /** Samples of a batch. Another size begins another pass. */
  get batch_size(): number {
    return this.size;
  }

  set batch_size(size: number) {
    if (size === this.size) return;
    this.close();
    this.size = size;
    this.loader = this.makeLoader(size);
  }

  /** The next batch. */
  async next(): Promise<Batch> {
    const began = performance.now();
    this.pass ??= this.loader[Symbol.iterator]();
    const { value } = await this.pass.nextLater();
    this.waited += performance.now() - began;
    this.samples += this.size;
    const { batches } = this.pass.state();
    this.ended = batches >= this.length;
    if (this.ended) {
      this.close();
      this.epoch++;
    }
    return value as Batch;
  }

  /** Ends the pass, and the workers with it. */
  close(): void {
    this.pass?.return();
    this.pass = null;
  }

  state_dict(): FeedState {
    return { epoch: this.epoch, batch_size: this.size, order: this.pass?.state() ?? null };
  }

  load_state_dict({ epoch, batch_size, order }: FeedState): void {
    this.close();
    this.batch_size = batch_size;
    this.epoch = epoch;
    this.pass = order === null ? null : this.loader.resume(order);
    this.ended = false;
  }
}
