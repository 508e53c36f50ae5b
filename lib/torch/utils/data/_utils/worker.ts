/** What runs in a worker thread (Python: `torch.utils.data._utils.worker`). */
import { isMainThread, type MessagePort, workerData } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { pythonFunction } from '../../../call';
import { native } from '../../../native';
import { default_generator, manual_seed, numpy, python } from '../../../random';
import { type Modules, pack, type Parcel, unpack } from './crossing';
import { default_collate } from './collate';
import { type Failure, writeFailure } from './failure';
import { createFetcher, type Collate, type Fetcher } from './fetch';
import { disposeTensors } from './tensors';

/** What a worker knows of itself. */
export interface WorkerInfo {
  /** Number of the worker, from 0. */
  readonly id: number;
  readonly num_workers: number;
  /** Seed of the worker's draws: the pass's base seed plus `id`. */
  readonly seed: bigint;
  /** The worker's copy of the data set. */
  readonly dataset: unknown;
  readonly rng: null;
  readonly worker_method: 'thread';
}

/** What a worker gets to begin with. */
export interface Task {
  /** A MessagePort; not by its name, because users may have no types of Node. */
  readonly port: object;
  /** [messages posted by all workers, 1 when they shall end]. */
  readonly signal: Int32Array;
  /** Number under which native code knows whether this thread is there. */
  readonly member: number;
  /** `Job`, written down. */
  readonly job: Parcel;
  readonly kind: number;
  readonly auto_collation: boolean;
  readonly drop_last: boolean;
  readonly base_seed: bigint;
  readonly id: number;
  readonly num_workers: number;
}

/** What comes from the user. */
export interface Job {
  readonly dataset: unknown;
  readonly collate_fn: Collate;
  readonly worker_init_fn: ((id: number) => unknown) | null;
}

/** From the loader. */
export type Order = readonly ['fetch', idx: number, index: Parcel] | readonly ['resume'] | readonly ['end'];

/** From a worker. */
export type Answer =
  | readonly ['data', idx: number, data: Parcel]
  | readonly ['failure', idx: number, failure: Failure]
  | readonly ['ended', idx: number]
  | readonly ['resumed']
  | readonly ['died', failure: Failure];

let info: WorkerInfo | null = null;

/** What the worker that runs this code knows of itself; null in the main thread. */
export const get_worker_info = pythonFunction('get_worker_info', [], (): WorkerInfo | null => info);

/** Python's seed of NumPy's stream in a worker: four words of 32 bits, as NumPy's SeedSequence mixes them. */
export const _generate_state = pythonFunction(
  '_generate_state',
  ['base_seed', 'worker_id'],
  (base_seed: bigint, worker_id: number): number[] => {
    const times = (a: number, b: number): number => Math.imul(a, b) >>> 0;
    const folded = (value: number): number => (value ^ (value >>> 16)) >>> 0;
    let constant = 0x43b0d7e5;
    const hash = (value: number): number => {
      const mixed = (value ^ constant) >>> 0;
      constant = times(constant, 0x931e8875);
      return folded(times(mixed, constant));
    };
    const mix = (x: number, y: number): number => folded((times(0xca01f9dd, x) - times(0x4973f715, y)) >>> 0);
    const entropy = [worker_id, Number(base_seed & 0xffffffffn), Number(base_seed >> 32n), 0];
    const pool = entropy.map(hash);
    for (let from = 0; from < 4; from++) {
      for (let to = 0; to < 4; to++) {
        if (from !== to) pool[to] = mix(pool[to] as number, hash(pool[from] as number));
      }
    }
    constant = 0x8b51f9dd;
    return pool.map((word) => {
      const mixed = (word ^ constant) >>> 0;
      constant = times(constant, 0x58f38ded);
      return folded(times(mixed, constant));
    });
  },
);

async function load(modules: readonly string[]): Promise<Modules> {
  const loaded = new Map<string, Readonly<Record<string, unknown>>>();
  for (const name of modules) {
    const address = name.startsWith('/') ? pathToFileURL(name).href : name;
    loaded.set(name, (await import(address)) as Readonly<Record<string, unknown>>);
  }
  return loaded;
}

class DataWorker {
  private readonly where: string;
  private readonly orders: Order[] = [];
  private running = false;
  private job: Job | undefined;
  private fetcher: Fetcher | undefined;
  private failure: unknown = null;
  private ended = false;

  private readonly port: MessagePort;

  constructor(private readonly task: Task) {
    this.port = task.port as MessagePort;
    this.where = `in DataLoader worker process ${task.id}`;
  }

  async begin(): Promise<void> {
    const { member, id, base_seed, num_workers } = this.task;
    native.become_member(member);
    native.become_worker(default_generator.external);
    process.on('uncaughtException', (error) => {
      this.answer(['died', writeFailure(error, this.where, 'outside of the data set')]);
      process.exit(1);
    });
    try {
      const job = unpack(this.task.job, await load(this.task.job.modules)) as Job;
      this.job = job;
      const seed = base_seed + BigInt(id);
      python.seed(seed);
      manual_seed(seed);
      numpy.seed(_generate_state(base_seed, id));
      info = Object.freeze({
        id,
        num_workers,
        seed,
        dataset: job.dataset,
        rng: null,
        worker_method: 'thread' as const,
      });
      await job.worker_init_fn?.(id);
      this.renew();
    } catch (error) {
      this.failure = { error };
    }
    this.port.on('message', (order: Order) => {
      this.orders.push(order);
      if (!this.running) void this.work();
    });
  }

  private renew(): void {
    const { kind, auto_collation, drop_last } = this.task;
    const { dataset, collate_fn } = this.job as Job;
    this.fetcher = createFetcher(kind, dataset, auto_collation, collate_fn, drop_last);
    this.ended = false;
  }

  private async work(): Promise<void> {
    this.running = true;
    for (let order = this.orders.shift(); order !== undefined; order = this.orders.shift()) await this.obey(order);
    this.running = false;
  }

  private async obey(order: Order): Promise<void> {
    if (order[0] === 'end') process.exit(0);
    if (order[0] === 'resume') {
      this.answer(['resumed']);
      try {
        if (this.failure === null) this.renew();
      } catch (error) {
        this.failure = { error };
      }
      return;
    }
    if (this.isDone() || this.ended) return;
    const [, idx, index] = order;
    try {
      if (this.failure !== null) {
        const { error } = this.failure as { error: unknown };
        // Python, too, says it once.
        this.failure = null;
        throw error;
      }
      const given = unpack(index);
      this.batch = given;
      const fetched = (await this.fetcher?.fetch(given)) ?? null;
      this.ended = fetched === null;
      if (this.isDone()) return;
      if (fetched === null) return this.answer(['ended', idx]);
      this.answer(['data', idx, pack(fetched.data, 'the batch', true)]);
      if (this.job?.collate_fn === default_collate) disposeTensors(fetched.data);
    } catch (error) {
      this.answer(['failure', idx, writeFailure(error, this.where, this.doing())]);
    }
  }

  private batch: unknown;

  private doing(): string {
    if (this.fetcher === undefined || this.batch === undefined) return 'before the first sample';
    const sample = this.fetcher.current;
    const list = Array.isArray(this.batch) && this.batch.every((key) => key !== null) ? String(this.batch) : undefined;
    if (sample !== undefined)
      return list === undefined ? `at sample ${String(sample)}` : `at sample ${String(sample)} of [${list}]`;
    return list === undefined ? '' : `at samples [${list}]`;
  }

  private isDone(): boolean {
    return Atomics.load(this.task.signal, 1) !== 0;
  }

  private answer(answer: Answer): void {
    const { signal } = this.task;
    this.port.postMessage(answer);
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
  }
}

/** Runs the thread that a DataLoader started, until the loader ends it. @throws TypeError in any other thread */
export function runDataWorker(): void {
  const task = (workerData as { isotorchTask?: Task } | null)?.isotorchTask;
  if (isMainThread || task === undefined) {
    throw new TypeError('runDataWorker(): runs in the worker threads of a DataLoader only');
  }
  void new DataWorker(task).begin();
}
