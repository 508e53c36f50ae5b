// Data sets that worker threads load from here.
import * as torch from 'isotorch';
import { Dataset, get_worker_info, IterableDataset } from 'isotorch/utils/data';

class OfSize extends Dataset {
  constructor(size) {
    super();
    this.size = size;
  }

  __len__() {
    return this.size;
  }
}

export class Numbers extends OfSize {
  static __module__ = import.meta.url;

  __getitem__(index) {
    return torch.full([2], index);
  }
}

/** What a worker sees: its number, its seed, the address of a tensor of the data set. */
export class Witness extends OfSize {
  static __module__ = import.meta.url;

  constructor(size, extra) {
    super(size);
    this.extra = extra;
  }

  __getitem__(index) {
    const info = get_worker_info();
    return [index, info?.id ?? -1, info?.seed ?? 0n, String(this.extra.rows.data_ptr()), torch.get_num_threads()];
  }
}

/** Numbers of an array, and how many bytes lie behind it. */
export class Views extends OfSize {
  static __module__ = import.meta.url;

  constructor(rows) {
    super(rows.length);
    this.rows = rows;
  }

  __getitem__(index) {
    return [this.rows.subarray(index, index + 1), this.rows.buffer.byteLength];
  }
}

export class Later extends OfSize {
  static __module__ = import.meta.url;

  async __getitem__(index) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return BigInt(index);
  }
}

/** Does what it is told at sample 5. */
export class Faulty extends OfSize {
  static __module__ = import.meta.url;

  constructor(fault) {
    super(8);
    this.fault = fault;
  }

  __getitem__(index) {
    if (index === 5) {
      if (this.fault === 'throw') throw new torch.ValueError('no such picture');
      if (this.fault === 'throw own') throw new (class PictureError extends Error {})('own');
      if (this.fault === 'throw text') throw 'a text';
      if (this.fault === 'exit') process.exit(3);
      if (this.fault === 'hang') for (;;);
      if (this.fault === 'wait') return new Promise(() => {});
      if (this.fault === 'shrink') return undefined;
      if (this.fault === 'function') return () => {};
      if (this.fault === 'graph') return torch.ones(2, { requires_grad: true }).mul(2);
      if (this.fault === 'uncaught')
        setImmediate(() => {
          throw new Error('later');
        });
      if (this.fault === 'memory') for (const all = []; ; ) all.push(new Array(1e6).fill(all.length));
    }
    return this.fault === 'uncaught' && index > 5 ? new Promise(() => {}) : torch.tensor(index);
  }
}

export class Private extends OfSize {
  static __module__ = import.meta.url;
  #scale = 2n;

  __reduce__() {
    return [Private, [this.size]];
  }

  __getitem__(index) {
    return BigInt(index) * this.#scale;
  }
}

export class Locked extends OfSize {
  static __module__ = import.meta.url;
  #scale = 2;

  __getitem__(index) {
    return index * this.#scale;
  }
}

export class Homeless extends OfSize {
  __getitem__(index) {
    return index;
  }
}

export class Stream extends IterableDataset {
  static __module__ = import.meta.url;

  constructor(sizes) {
    super();
    this.sizes = sizes;
  }

  *[Symbol.iterator]() {
    const { id } = get_worker_info();
    for (let i = 0; i < this.sizes[id]; i++) yield BigInt(10 * id + i);
  }
}

export function sum(samples) {
  return torch.stack(samples).sum(0);
}
sum.__module__ = import.meta.url;

export function failing(worker_id) {
  if (worker_id === 1) throw new RangeError('no folder');
}
failing.__module__ = import.meta.url;
