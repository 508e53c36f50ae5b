/** Data sets side by side (Python: `torch.utils.data.dataset`). */
import { isPlainObject, placeClasses } from '../../core';
import { ValueError } from '../../native';
import { Dataset, type DatasetLike } from './dataset';
import { after, inTurn, itemOf, lengthOf } from './sized';
import { itemsOf } from './subset';

/** What a StackDataset's parts are: a list of data sets, or data sets by name. */
type Parts = readonly DatasetLike<unknown>[] | Readonly<Record<string, DatasetLike<unknown>>>;

type ItemOf<Part> = Part extends DatasetLike<infer Item> ? Item : never;

/** A sample of each part, in the shape of the parts. */
export type Stacked<P extends Parts> = { -readonly [Name in keyof P]: ItemOf<P[Name]> };

function isNamed(parts: readonly unknown[]): boolean {
  const [first] = parts;
  return parts.length === 1 && isPlainObject(first) && typeof first.__getitem__ !== 'function';
}

/**
 * Data sets of equal size as one: sample `i` has sample `i` of each, in a list, or by name.
 *
 * @example
 * new StackDataset(images, texts)[0];               // [images[0], texts[0]]
 * new StackDataset({ image: images, text: texts });  // { image: images[0], text: texts[0] }
 */
export class StackDataset<P extends Parts = Parts> extends Dataset<Stacked<P>> {
  readonly datasets: P;
  private readonly size: number;

  /** @throws ValueError without data sets, and where sizes differ */
  constructor(...parts: P extends readonly DatasetLike<unknown>[] ? P : [P]) {
    super();
    if (parts.length === 0) throw new ValueError('At least one dataset should be passed');
    if (parts.length > 1 && isPlainObject(parts.at(-1)) && !('__getitem__' in (parts.at(-1) as object))) {
      throw new ValueError(
        'Supported either ``tuple``- (via ``args``) or``dict``- (via ``kwargs``) like input/output, but both types are given.',
      );
    }
    this.datasets = (isNamed(parts) ? parts[0] : parts) as P;
    const all = Object.values(this.datasets) as unknown[];
    if (all.length === 0) throw new ValueError('At least one dataset should be passed');
    this.size = lengthOf(all[0]);
    if (all.some((dataset) => lengthOf(dataset) !== this.size)) throw new ValueError('Size mismatch between datasets');
  }

  override __getitem__(index: number): Stacked<P> {
    return this.shaped((dataset) => itemOf(dataset, index)) as Stacked<P>;
  }

  /** Samples of one batch. @throws ValueError where a part gives another number of them */
  __getitems__(indices: readonly number[]): Stacked<P>[] | Promise<Stacked<P>[]> {
    const parts = inTurn(Object.values(this.datasets) as unknown[], (dataset) => itemsOf(dataset, indices));
    return after(parts, (lists) => {
      for (const list of lists) {
        if (list.length === indices.length) continue;
        throw new ValueError(`Nested dataset's output size mismatch. Expected ${indices.length}, got ${list.length}`);
      }
      return indices.map((_, i) => this.shaped((__, part) => lists[part]?.[i]) as Stacked<P>);
    });
  }

  __len__(): number {
    return this.size;
  }

  private shaped(give: (dataset: unknown, part: number) => unknown): unknown {
    if (Array.isArray(this.datasets)) return this.datasets.map((dataset, part) => give(dataset, part));
    return Object.fromEntries(
      Object.entries(this.datasets).map(([name, dataset], part) => [name, give(dataset, part)]),
    );
  }
}

placeClasses({ 'torch.utils.data.dataset': { StackDataset } });
