/** Samples of one process among several (Python: `torch.utils.data.distributed`). */
import { pythonClass, pythonMethods } from '../../call';
import { placeClasses } from '../../core';
import { randperm } from '../../generated/functions';
import { AssertionError, ValueError } from '../../native';
import { Generator } from '../../random';
import { Sampler } from './sampler';
import { lengthOf, type Sized } from './sized';

function fromProcessGroup(given: number | null): number {
  if (given !== null) return given;
  throw new ValueError(
    'Default process group has not been initialized, please make sure to call init_process_group. Without one, give num_replicas and rank.',
  );
}

class OfReplica extends Sampler {
  static {
    pythonMethods(OfReplica.prototype, 'DistributedSampler', { set_epoch: ['epoch'] });
  }

  /** Number of processes. */
  readonly num_replicas: number;
  /** Which of them this is, from 0. */
  readonly rank: number;
  /** Number of the pass, which the order depends on. */
  epoch = 0;
  /** Samples of this process. */
  readonly num_samples: number;
  /** Samples of all processes. */
  readonly total_size: number;

  constructor(
    readonly dataset: Sized,
    num_replicas: number | null = null,
    rank: number | null = null,
    /** Whether the order is random. */
    readonly shuffle: boolean = true,
    /** Seed of the order: the same in all processes. */
    readonly seed: number = 0,
    /** Leaves out the last samples where they do not divide; else some come twice. */
    readonly drop_last: boolean = false,
  ) {
    super();
    this.num_replicas = fromProcessGroup(num_replicas);
    this.rank = fromProcessGroup(rank);
    if (this.rank >= this.num_replicas || this.rank < 0) {
      throw new ValueError(`Invalid rank ${this.rank}, rank should be in the interval [0, ${this.num_replicas - 1}]`);
    }
    const size = lengthOf(dataset);
    const uneven = drop_last && size % this.num_replicas !== 0;
    this.num_samples = Math.ceil((uneven ? size - this.num_replicas : size) / this.num_replicas);
    this.total_size = this.num_samples * this.num_replicas;
  }

  override [Symbol.iterator](): Iterator<number> {
    let indices = this.order();
    if (!this.drop_last) {
      const missing = this.total_size - indices.length;
      const source = indices;
      indices = [...source, ...Array.from({ length: missing }, (_, i) => source[i % source.length] as number)];
    } else {
      indices = indices.slice(0, this.total_size);
    }
    if (indices.length !== this.total_size) {
      throw new AssertionError(`Number of indices (${indices.length}) does not match total_size (${this.total_size})`);
    }
    return indices.filter((_, i) => i % this.num_replicas === this.rank)[Symbol.iterator]();
  }

  __len__(): number {
    return this.num_samples;
  }

  /** Sets the number of the pass: call it before each, or all have the same order. */
  set_epoch(epoch: number): void {
    this.epoch = epoch;
  }

  private order(): number[] {
    const size = lengthOf(this.dataset);
    if (!this.shuffle) return Array.from({ length: size }, (_, i) => i);
    const generator = new Generator().manual_seed(this.seed + this.epoch);
    const drawn = randperm(size, { generator });
    const list = drawn.tolist() as number[];
    drawn.dispose();
    return list;
  }
}

/**
 * The part of the samples that one of several processes visits.
 *
 * @throws ValueError for a rank that is not below `num_replicas`
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler
 */
export class DistributedSampler extends pythonClass(
  'DistributedSampler',
  ['dataset{}', 'num_replicas', 'rank', 'shuffle', 'seed', 'drop_last'],
  OfReplica,
) {}

placeClasses({ 'torch.utils.data.distributed': { DistributedSampler } });
