/** A pass over a DataLoader with worker threads (Python: `_MultiProcessingDataLoaderIter`). */
import { AssertionError, TorchError } from '../../native';
import { type DataOrder, DataLoaderIterator, type LoaderParts } from './iterator';
import { pack, type Parcel, unpack } from './_utils/crossing';
import { type Failure, readFailure } from './_utils/failure';
import { dropParcel, WorkerThreads } from './_utils/threads';
import type { Answer } from './_utils/worker';

/** What came of a batch: its data, or the error of its worker. */
type Outcome = { readonly data: Parcel } | { readonly failure: Failure };

/** A batch that was ordered: from whom, and what came of it where it came before its turn. */
interface Ordered {
  readonly worker: number;
  outcome?: Outcome;
}

/** Milliseconds after which a pass counts as left whose last sample was an error: loops do not say that they are. */
const LEFT = 5_000;

/** Asks for an answer; who drives says how it waits. */
type Steps<R> = Generator<undefined, R, Answer>;

/**
 * Loads in worker threads. Batches are ordered from them in turn, `prefetch_factor` ahead for each, and handed out in the order of
 * the sampler, or as they come where `in_order` is false.
 */
export class WorkersIterator<Batch> extends DataLoaderIterator<Batch> {
  private readonly threads: WorkerThreads;
  private readonly prefetch: number;
  private failed: Error | undefined;
  private closed = false;
  private leaving: NodeJS.Timeout | undefined;
  /** Number of the next batch to order, and of the next to hand out. */
  private sendIdx = 0;
  private receiveIdx = 0;
  private readonly ordered = new Map<number, Ordered>();
  /** Whether each worker has work left in this pass, and how many batches were ordered from it. */
  private active: boolean[] = [];
  private load: number[] = [];
  private nextWorker = 0;
  private readonly isActive = (id: number): boolean => this.active[id] === true;

  constructor(loader: LoaderParts, resumed?: DataOrder) {
    super(loader, resumed);
    const { dataset, kind, autoCollation, collate_fn, drop_last, num_workers, worker_init_fn } = loader;
    this.prefetch = loader.prefetch_factor ?? 2;
    if (this.prefetch <= 0) {
      throw new AssertionError('prefetch_factor must be greater than 0 for MultiProcessingDataLoaderIter');
    }
    this.threads = new WorkerThreads({
      dataset,
      collate_fn,
      worker_init_fn,
      kind,
      auto_collation: autoCollation,
      drop_last,
      base_seed: this.base_seed,
      num_workers,
    });
    this.threads.endWith(this);
    this.prime();
  }

  private prime(): void {
    const { num_workers } = this.loader;
    this.sendIdx = 0;
    this.receiveIdx = 0;
    this.ordered.clear();
    this.active = new Array<boolean>(num_workers).fill(true);
    this.load = new Array<number>(num_workers).fill(0);
    this.nextWorker = 0;
    try {
      for (let i = 0; i < this.prefetch * num_workers; i++) this.order();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Another pass with the same workers; what is left of the last one is dropped. */
  again(): this {
    if (this.failed !== undefined) throw this.failed;
    for (const { outcome } of this.ordered.values()) drop(outcome);
    this.restart();
    for (let id = 0; id < this.loader.num_workers; id++) this.threads.post(id, ['resume']);
    this.active.fill(true);
    for (let resumed = 0; resumed < this.loader.num_workers; ) {
      const answer = this.answerNow();
      if (answer[0] === 'resumed') resumed++;
      else drop(outcomeOf(answer));
    }
    this.prime();
    return this;
  }

  override next(): IteratorResult<Batch, undefined> {
    return this.guarded(() => {
      const steps = this.steps();
      for (let step = steps.next(); ; step = steps.next(this.answerNow())) {
        if (step.done) return step.value;
      }
    });
  }

  override async nextLater(): Promise<IteratorResult<Batch, undefined>> {
    const steps = this.guarded(() => this.steps());
    for (let step = this.guarded(() => steps.next()); ; ) {
      if (step.done) return step.value;
      const answer = await this.answerLater();
      step = this.guarded(() => steps.next(answer));
    }
  }

  override return(): IteratorResult<Batch, undefined> {
    if (!this.loader.persistent_workers) this.close();
    return { done: true, value: undefined };
  }

  /** Ends the workers; the pass is over. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.leaving);
    for (const { outcome } of this.ordered.values()) drop(outcome);
    this.ordered.clear();
    this.threads.end();
  }

  private leave(): void {
    if (this.closed || this.loader.persistent_workers) return;
    this.broken(new TorchError('DataLoader: the pass was left after an error of a sample; begin another one'));
  }

  private guarded<R>(use: () => R): R {
    clearTimeout(this.leaving);
    if (this.failed !== undefined) throw this.failed;
    return use();
  }

  /** Without workers there is nothing to go on with. */
  private broken(error: Error): Error {
    this.failed = error;
    this.close();
    return error;
  }

  private answerNow(): Answer {
    let answer: Answer | undefined;
    try {
      answer = this.threads.wait(this.loader.timeout, this.isActive);
    } catch (error) {
      throw this.broken(error as Error);
    }
    return answer ?? this.timedOut();
  }

  private async answerLater(): Promise<Answer> {
    let answer: Answer | undefined;
    try {
      answer = await this.threads.waitLater(this.loader.timeout, this.isActive);
    } catch (error) {
      throw this.broken(error as Error);
    }
    return answer ?? this.timedOut();
  }

  private timedOut(): never {
    const late = this.ordered.get(this.receiveIdx)?.worker;
    const who = late === undefined ? '' : `: worker ${late} has not answered for batch ${this.receiveIdx}`;
    throw this.broken(new TorchError(`DataLoader timed out after ${this.loader.timeout} seconds${who}`));
  }

  /** The next batch; asks for an answer where none of those that came is it. */
  private *steps(): Steps<IteratorResult<Batch, undefined>> {
    for (;;) {
      if (!this.findNext()) {
        if (!this.loader.persistent_workers) this.close();
        return { done: true, value: undefined };
      }
      const due = this.ordered.get(this.receiveIdx) as Ordered;
      if (due.outcome !== undefined) return this.handOut(this.receiveIdx++, due, due.outcome);
      const answer = yield;
      if (answer[0] === 'resumed' || answer[0] === 'died') continue;
      const idx = answer[1];
      const ordered = this.ordered.get(idx);
      if (ordered === undefined) continue;
      const outcome = outcomeOf(answer);
      if (outcome === undefined) {
        this.retire(ordered.worker);
        this.order();
      } else if (idx === this.receiveIdx) return this.handOut(this.receiveIdx++, ordered, outcome);
      else if (!this.loader.in_order) return this.handOut(idx, ordered, outcome);
      else ordered.outcome = outcome;
    }
  }

  /** Moves on to the next batch that is there, or will come; false at the end of the pass. */
  private findNext(): boolean {
    for (; this.receiveIdx < this.sendIdx; this.receiveIdx++) {
      const info = this.ordered.get(this.receiveIdx);
      if (info === undefined) continue;
      if (info.outcome !== undefined || this.active[info.worker]) return true;
      this.ordered.delete(this.receiveIdx);
    }
    return false;
  }

  private handOut(idx: number, { worker }: Ordered, outcome: Outcome): IteratorResult<Batch, undefined> {
    this.ordered.delete(idx);
    this.load[worker] = (this.load[worker] ?? 0) - 1;
    this.order();
    if ('data' in outcome) return this.give(unpack(outcome.data));
    this.leaving = setTimeout(() => this.leave(), LEFT).unref();
    throw readFailure(outcome.failure);
  }

  /** The worker's stream has ended; it stays where there will be another pass. */
  private retire(worker: number): void {
    this.active[worker] = false;
    if (!this.loader.persistent_workers) this.threads.post(worker, ['end']);
  }

  /** Orders one more batch, where the sampler has one and a worker is free. */
  private order(): void {
    const index = this.nextIndex();
    if (index.done) return;
    const worker = this.freeWorker();
    if (worker === undefined) return;
    this.threads.post(worker, ['fetch', this.sendIdx, pack(index.value, 'the sampler’s key', true)]);
    this.ordered.set(this.sendIdx, { worker });
    this.load[worker] = (this.load[worker] ?? 0) + 1;
    this.sendIdx++;
  }

  private freeWorker(): number | undefined {
    const { num_workers, in_order } = this.loader;
    const most = Math.floor((this.prefetch * num_workers) / this.active.filter(Boolean).length);
    for (let i = 0; i < num_workers; i++) {
      const worker = this.nextWorker;
      this.nextWorker = (worker + 1) % num_workers;
      if (this.active[worker] && (in_order || (this.load[worker] ?? 0) < most)) return worker;
    }
    return undefined;
  }
}

function outcomeOf(answer: Answer): Outcome | undefined {
  if (answer[0] === 'data') return { data: answer[2] };
  return answer[0] === 'failure' ? { failure: answer[2] } : undefined;
}

function drop(outcome: Outcome | undefined): void {
  if (outcome !== undefined && 'data' in outcome) dropParcel(outcome.data);
}
