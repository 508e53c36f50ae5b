/** The worker threads of a DataLoader, as the loader sees them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { native, packageFolder, TorchError } from '../../../native';
import { pack, type Parcel } from './crossing';
import { readFailure } from './failure';
import type { Answer, Job, Order, Task } from './worker';

/** How often a thread that waits looks whether the workers live, in milliseconds. */
const LOOK_AGAIN = 100;
/** What a thread may take to start. */
const START = 120_000;
/** What a worker may take to end. */
const END = 5_000;

/** What all workers of a loader get. */
export type Settings = Pick<Task, 'kind' | 'auto_collation' | 'drop_last' | 'base_seed' | 'num_workers'> & Job;

interface Member {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly member: number;
  readonly job: number;
  readonly started: number;
  /** Answers that came in a turn of the event loop. */
  readonly arrived: Answer[];
  exited: boolean;
}

/** The thread's file: the package's own instance of isotorch is in it. */
function threadFile(): string {
  const file = join(packageFolder, 'dist', 'data_worker.js');
  if (existsSync(file)) return file;
  throw new TorchError(
    `DataLoader: its worker threads need the package's files, and ${file} is missing: leave isotorch out of your bundle, or use num_workers: 0`,
  );
}

const abandoned = new FinalizationRegistry<WorkerThreads>((threads) => threads.end());

/** A loader's workers: messages to and fro, waiting for them, and their end. */
export class WorkerThreads {
  private readonly members: Member[] = [];
  private readonly signal = new Int32Array(new SharedArrayBuffer(8));
  private wake: (() => void) | undefined;
  private ended = false;

  constructor({ dataset, collate_fn, worker_init_fn, ...settings }: Settings) {
    const file = threadFile();
    try {
      for (let id = 0; id < settings.num_workers; id++) {
        const job = pack({ dataset, collate_fn, worker_init_fn }, 'DataLoader');
        this.members.push(this.start(file, { ...settings, id, job }));
      }
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends the workers when `owner` is collected. */
  endWith(owner: object): void {
    abandoned.register(owner, this, this);
  }

  private start(file: string, task: Omit<Task, 'port' | 'signal' | 'member'>): Member {
    const { port1, port2 } = new MessageChannel();
    const member = native.expect_member();
    const { signal } = this;
    const worker = new Worker(file, {
      workerData: { isotorchTask: { ...task, port: port2, signal, member } satisfies Task },
      transferList: [port2],
      name: `DataLoader worker ${task.id}`,
    });
    const made: Member = {
      worker,
      port: port1,
      member,
      job: task.job.tensors,
      started: Date.now(),
      arrived: [],
      exited: false,
    };
    // What ended the thread is in its last answer; without a listener the error would be thrown in the event loop.
    worker.on('error', () => {});
    worker.once('exit', () => {
      made.exited = true;
      native.drop_parcel(made.job);
      if (this.ended) native.forget_member(member);
      this.wake?.();
    });
    worker.unref();
    return made;
  }

  /** Posts an order to a worker. */
  post(id: number, order: Order): void {
    this.members[id]?.port.postMessage(order);
  }

  /** Next answer, of any worker; undefined while there is none. */
  private take(): Answer | undefined {
    for (const { port, arrived } of this.members) {
      const answer = arrived.shift() ?? (receiveMessageOnPort(port)?.message as Answer | undefined);
      if (answer?.[0] === 'died') throw this.broken(readFailure(answer[1]));
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** Next answer: blocks this thread until it is there. Undefined after `seconds`. */
  wait(seconds: number, active: (id: number) => boolean): Answer | undefined {
    let until = endOf(seconds);
    for (;;) {
      const seen = Atomics.load(this.signal, 0);
      const answer = this.take();
      if (answer !== undefined) return answer;
      if (this.check(active)) until = endOf(seconds);
      const left = until - Date.now();
      if (left <= 0) return undefined;
      Atomics.wait(this.signal, 0, seen, Math.min(left, LOOK_AGAIN));
    }
  }

  /** The same without blocking. */
  async waitLater(seconds: number, active: (id: number) => boolean): Promise<Answer | undefined> {
    let until = endOf(seconds);
    this.listen();
    for (const { port } of this.members) port.ref();
    try {
      for (;;) {
        const answer = this.take();
        if (answer !== undefined) return answer;
        if (this.check(active)) until = endOf(seconds);
        const left = until - Date.now();
        if (left <= 0) return undefined;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(left, 10 * LOOK_AGAIN));
          this.wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    } finally {
      this.wake = undefined;
      for (const { port } of this.members) port.unref();
    }
  }

  private listen(): void {
    for (const { port, arrived } of this.members) {
      if (port.listenerCount('message') > 0) continue;
      port.on('message', (answer: Answer) => {
        arrived.push(answer);
        this.wake?.();
      });
    }
  }

  /** Whether a worker that has work to do is still starting. @throws TorchError where one is gone */
  private check(active: (id: number) => boolean): boolean {
    let starting = false;
    for (const [id, { member, exited, started }] of this.members.entries()) {
      if (!active(id)) continue;
      const presence = exited ? 2 : native.presence_of(member);
      if (presence === 1) continue;
      if (presence === 0 && Date.now() - started < START) {
        starting = true;
        continue;
      }
      // It may have answered just before.
      const last = this.members[id]?.port;
      const answer = last === undefined ? undefined : (receiveMessageOnPort(last)?.message as Answer | undefined);
      if (answer !== undefined) {
        this.members[id]?.arrived.push(answer);
        return true;
      }
      throw this.broken(
        new TorchError(
          presence === 0
            ? `DataLoader worker ${id} has not started within ${START / 1000} seconds`
            : `DataLoader worker (thread ${id}) exited unexpectedly: its code called process.exit(), ran out of memory, or somebody terminated it`,
        ),
      );
    }
    return starting;
  }

  private broken(error: Error): Error {
    this.end();
    return error;
  }

  /** Ends the workers: at once for the caller, in their own time for them. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    abandoned.unregister(this);
    Atomics.store(this.signal, 1, 1);
    for (const { worker, port, member, arrived, job, exited } of this.members) {
      native.drop_parcel(job);
      for (const answer of arrived.splice(0)) dropData(answer);
      for (let left = receiveMessageOnPort(port); left !== undefined; left = receiveMessageOnPort(port)) {
        dropData(left.message as Answer);
      }
      if (exited) {
        native.forget_member(member);
        continue;
      }
      port.postMessage(['end'] satisfies Order);
      const timer = setTimeout(() => void worker.terminate(), END).unref();
      worker.once('exit', () => clearTimeout(timer));
    }
  }
}

/** When `seconds` have passed; never for 0. */
function endOf(seconds: number): number {
  return seconds > 0 ? Date.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
}

function dropData(answer: Answer): void {
  if (answer[0] === 'data') dropParcel(answer[2]);
}

/** Frees the tensors of a parcel that nobody reads. */
export function dropParcel({ tensors }: Parcel): void {
  if (tensors !== 0) native.drop_parcel(tensors);
}
