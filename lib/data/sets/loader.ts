/** Loaders of opened data; what is not in memory is read ahead. */
import type { Tensor } from 'isotorch';
import { BatchSampler, DataLoader, Dataset, RandomSampler, SequentialSampler } from 'isotorch/utils/data';
import type { Pixels } from '../images/pixels';
import { LazySet } from './datasets';
import type { DataSample, OpenedData } from './description';
import { decodeSample } from './form';
import type { SampleFiles } from './layout';

/** Bytes of decoded images that wait for the next batch: a quarter of a gigabyte. */
const AHEAD = 2 ** 28;

/** Batches of keys, of which the next ones are known while one is worked on. Nothing more is drawn for that: a pass is shuffled at once. */
class LookingAhead extends BatchSampler {
  /** Keys of the batch after the one that was given last; none at the end of a pass. */
  upcoming: readonly number[] = [];

  override *[Symbol.iterator](): Iterator<number[]> {
    const batches = super[Symbol.iterator]();
    for (let batch = batches.next(); !batch.done; ) {
      const following = batches.next();
      this.upcoming = following.done ? [] : following.value;
      yield batch.value;
      batch = following;
    }
  }
}

/**
 * A set whose next batch is decoded by the image library's threads while the caller trains: what was begun is kept, at most `most`
 * samples of it. A failure waits there for the batch that asks for its sample.
 */
class ReadAhead extends Dataset<Promise<DataSample>> {
  private begun = new Map<SampleFiles, Promise<readonly Pixels[]>>();
  private readonly most: number;

  constructor(
    private readonly set: LazySet,
    private readonly order: LookingAhead,
  ) {
    super();
    this.most = Math.floor(AHEAD / set.largest);
  }

  __len__(): number {
    return this.set.__len__();
  }

  async __getitems__(indices: readonly number[]): Promise<DataSample[]> {
    const { begun, set } = this;
    const upcoming = this.order.upcoming.slice(0, this.most);
    this.begun = new Map();
    const samples = await set.formed(indices, (sample) => begun.get(sample) ?? decodeSample(sample, set.form));
    for (const index of upcoming) {
      const sample = set.samples[index]!;
      const pixels = decodeSample(sample, set.form);
      pixels.catch(() => {});
      this.begun.set(sample, pixels);
    }
    return samples;
  }
}

/** Options of `loaderOf`, as `DataLoader` has them. */
export interface LoaderOptions {
  batch_size: number;
  shuffle?: boolean;
  drop_last?: boolean;
  num_workers?: number;
}

/**
 * A `DataLoader` of opened data, with the batches and the draws of any other.
 *
 * Images in memory are taken from there, without workers. Others are decoded by `num_workers` threads; with 0 the files of the next
 * batch of a pass are read when one is handed out, and decoded by the image library's own threads until it is asked for.
 */
export function loaderOf(
  { dataset, description }: OpenedData,
  { batch_size, shuffle = false, drop_last = false, num_workers = 0 }: LoaderOptions,
): DataLoader<DataSample | Promise<DataSample>, Tensor[]> {
  if (!(dataset instanceof LazySet) || num_workers > 0) {
    const workers = description.decoded ? 0 : num_workers;
    return new DataLoader(dataset, { batch_size, shuffle, drop_last, num_workers: workers }) as never;
  }
  const order = new LookingAhead(
    shuffle ? new RandomSampler(dataset) : new SequentialSampler(dataset),
    batch_size,
    drop_last,
  );
  return new DataLoader(new ReadAhead(dataset, order), { batch_sampler: order }) as never;
}
