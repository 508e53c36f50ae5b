/** The samples of a batch (Python: `torch.utils.data._utils.fetch`). */
import { pythonFunction } from '../../../call';
import { int64, isPromise, strided, typeName } from '../../../core';
import type { Tensor } from '../../../memory';
import { tensor } from '../../../tensor';
import { IterableDataset, TensorDataset } from '../dataset';
import { after, inTurn, itemOf, lengthOf, refuseArguments } from '../sized';
import { Subset } from '../subset';
import { default_collate } from './collate';

/** What makes a batch, or a sample, of what was fetched. */
export type Collate = (data: unknown) => unknown;

/** Fetches batches; null is the end of a stream. A promise only where the data set, or collating, makes one. */
export interface Fetcher {
  /** The sample that is being fetched, for messages. */
  readonly current: unknown;
  fetch(index: unknown): { readonly data: unknown } | null | Promise<{ readonly data: unknown } | null>;
}

/** Which rows of a TensorDataset these are; undefined for any other data set, or where a class changes what is fetched. */
function rowsOf(dataset: unknown, indices: readonly unknown[]): [TensorDataset, readonly unknown[]] | undefined {
  const prototype: unknown = Object.getPrototypeOf(dataset);
  if (prototype === TensorDataset.prototype) return [dataset as TensorDataset, indices];
  if (prototype !== Subset.prototype) return undefined;
  const { dataset: whole, indices: chosen } = dataset as Subset;
  return rowsOf(
    whole,
    indices.map((i) => chosen[i as number]),
  );
}

/** Whether rows gathered at once have the bits of rows that are stacked. */
function isPlain(source: Tensor): boolean {
  return (
    source.layout === strided &&
    !source.requires_grad &&
    !source.is_nested &&
    !source.is_quantized &&
    !source.is_conj() &&
    !source.is_neg()
  );
}

/** The batch of a TensorDataset in one operator for each tensor; undefined where that could differ from Python's way. */
function gathered(dataset: unknown, indices: readonly unknown[]): Tensor[] | undefined {
  const [source, rows] = rowsOf(dataset, indices) ?? [];
  if (source === undefined || rows === undefined || rows.length === 0 || source.tensors.length === 0) return undefined;
  const size = source.length;
  const fit = rows.every((row) => Number.isInteger(row) && (row as number) >= 0 && (row as number) < size);
  if (!fit || !source.tensors.every(isPlain)) return undefined;
  const chosen = tensor(BigInt64Array.from(rows as number[], BigInt), { dtype: int64 });
  const batch = source.tensors.map((each) => each.index_select(0, chosen.to(each.device)));
  chosen.dispose();
  return batch;
}

class MapFetcher implements Fetcher {
  current: unknown;

  constructor(
    private readonly dataset: unknown,
    private readonly auto_collation: boolean,
    private readonly collate_fn: Collate,
  ) {}

  fetch(index: unknown): { data: unknown } | Promise<{ data: unknown }> {
    const samples = this.auto_collation ? this.batch(index as readonly unknown[]) : this.sample(index);
    if (samples instanceof Gathered) return { data: samples.batch };
    return after(
      after(samples, (there) => this.collate_fn(there)),
      (data) => ({ data }),
    ) as { data: unknown } | Promise<{ data: unknown }>;
  }

  private batch(indices: readonly unknown[]): unknown {
    this.current = undefined;
    if (this.collate_fn === default_collate) {
      const batch = gathered(this.dataset, indices);
      if (batch !== undefined) return new Gathered(batch);
    }
    const { __getitems__ } = this.dataset as { __getitems__?: unknown };
    if (typeof __getitems__ === 'function') {
      return after(Reflect.apply(__getitems__, this.dataset, [indices]), (samples) => allThere(samples));
    }
    return inTurn(indices, (index) => this.sample(index));
  }

  private sample(index: unknown): unknown {
    this.current = index;
    return after(itemOf(this.dataset, index), (sample) => {
      if (sample !== undefined) return sample;
      throw new RangeError(`sample ${String(index)} of ${described(this.dataset)} is undefined`);
    });
  }
}

class Gathered {
  constructor(readonly batch: Tensor[]) {}
}

function described(dataset: unknown): string {
  try {
    return `the ${typeName(dataset)} of length ${lengthOf(dataset)}`;
  } catch {
    return `the ${typeName(dataset)}`;
  }
}

function allThere(samples: unknown): unknown {
  return Array.isArray(samples) && samples.some((sample) => isPromise(sample)) ? Promise.all(samples) : samples;
}

class StreamFetcher implements Fetcher {
  readonly current = undefined;
  private readonly samples: Iterator<unknown> | AsyncIterator<unknown>;
  private ended = false;

  constructor(
    dataset: unknown,
    private readonly auto_collation: boolean,
    private readonly collate_fn: Collate,
    private readonly drop_last: boolean,
  ) {
    const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = dataset as AsyncIterable<unknown> &
      Iterable<unknown>;
    const isLater = typeof later === 'function' && now === IterableDataset.prototype[Symbol.iterator];
    this.samples = Reflect.apply(isLater ? later : now, dataset, []) as Iterator<unknown>;
  }

  fetch(index: unknown): { data: unknown } | null | Promise<{ data: unknown } | null> {
    if (this.ended) return null;
    if (this.auto_collation) {
      const wanted = lengthOf(index);
      return after(this.take(wanted), (samples) => {
        if (samples.length === 0 || (this.drop_last && samples.length < wanted)) return null;
        return this.collated(samples);
      }) as { data: unknown } | null;
    }
    return after(this.samples.next() as IteratorResult<unknown>, (next) =>
      next.done ? null : this.collated(next.value),
    ) as { data: unknown } | null;
  }

  private collated(data: unknown): { data: unknown } | Promise<{ data: unknown }> {
    return after(this.collate_fn(data), (made) => ({ data: made })) as { data: unknown };
  }

  private take(wanted: number): unknown[] | Promise<unknown[]> {
    const samples: unknown[] = [];
    const goOn = (): unknown[] | Promise<unknown[]> => {
      while (samples.length < wanted && !this.ended) {
        const next = this.samples.next();
        if (isPromise(next)) {
          return (next as Promise<IteratorResult<unknown>>).then((there) => {
            this.keep(there, samples);
            return goOn();
          });
        }
        this.keep(next as IteratorResult<unknown>, samples);
      }
      return samples;
    };
    return goOn();
  }

  private keep(next: IteratorResult<unknown>, samples: unknown[]): void {
    if (next.done) this.ended = true;
    else samples.push(next.value);
  }
}

/** What fetches the batches of a data set. */
export function createFetcher(
  kind: number,
  dataset: unknown,
  auto_collation: boolean,
  collate_fn: Collate,
  drop_last: boolean,
): Fetcher {
  if (kind === _DatasetKind.Map) return new MapFetcher(dataset, auto_collation, collate_fn);
  return new StreamFetcher(dataset, auto_collation, collate_fn, drop_last);
}

/** Kinds of data sets, as a DataLoader tells them apart. */
export class _DatasetKind {
  static readonly Map = 0;
  static readonly Iterable = 1;

  constructor(...none: []) {
    refuseArguments(new.target.name, none);
  }

  /** What fetches the batches of a data set. */
  static readonly create_fetcher = pythonFunction(
    '_DatasetKind.create_fetcher',
    ['kind', 'dataset{}', 'auto_collation', 'collate_fn', 'drop_last'],
    createFetcher,
  );
}
