/** Parts of a data set (Python: `torch.utils.data.dataset`). */
import { type Arguments, bind, pythonFunction, signature } from '../../call';
import { placeClasses, warn } from '../../core';
import { randperm } from '../../generated/functions';
import { NotImplementedError, ValueError } from '../../native';
import { default_generator, type Generator } from '../../random';
import { Dataset, type DatasetLike } from './dataset';
import { inTurn, itemOf, lengthOf } from './sized';

const SUBSET = ['dataset{}', 'indices'] as const;
const subset = signature('Subset.__init__', ['self', ...SUBSET], 3);

/** Several samples of a data set: as it gives them itself, or one after the other. */
export function itemsOf(dataset: unknown, indices: readonly unknown[]): unknown[] | Promise<unknown[]> {
  const { __getitems__ } = dataset as { __getitems__?: (indices: readonly unknown[]) => unknown[] };
  if (typeof __getitems__ === 'function') return Reflect.apply(__getitems__, dataset, [indices]) as unknown[];
  return inTurn(indices, (index) => itemOf(dataset, index));
}

/** The samples of a data set that have these indices, in this order. */
export class Subset<T = unknown> extends Dataset<T> {
  readonly dataset: DatasetLike<T>;
  readonly indices: readonly number[];

  /** @throws NotImplementedError for a subclass that has its own `__getitem__` but not `__getitems__` */
  constructor(...args: Arguments<typeof SUBSET, [dataset: DatasetLike<T>, indices: readonly number[]]>) {
    super();
    const [, dataset, indices] = bind(subset, [null, ...args]) as [null, DatasetLike<T>, readonly number[]];
    this.dataset = dataset;
    this.indices = indices;
    const own = Subset.prototype;
    if (this.__getitem__ !== own.__getitem__ && this.__getitems__ === own.__getitems__) {
      throw new NotImplementedError(
        `${this.constructor.name} overrides __getitem__ but not __getitems__. When subclassing Subset and overriding __getitem__, you must also override __getitems__ to ensure DataLoader works correctly with your custom logic. A simple implementation:\n\n__getitems__(indices) { return indices.map((idx) => this.__getitem__(idx)); }`,
      );
    }
  }

  override __getitem__(idx: number): T {
    if (Array.isArray(idx))
      return itemOf(
        this.dataset,
        idx.map((i) => itemOf(this.indices, i)),
      ) as T;
    return itemOf(this.dataset, itemOf(this.indices, idx)) as T;
  }

  /** Samples of one batch. */
  __getitems__(indices: readonly number[]): T[] | Promise<Awaited<T>[]> {
    return itemsOf(
      this.dataset,
      indices.map((i) => itemOf(this.indices, i)),
    ) as T[];
  }

  __len__(): number {
    return this.indices.length;
  }
}

/** Python's `math.isclose(a, 1)`. */
function isCloseToOne(a: number): boolean {
  return a === 1 || Math.abs(a - 1) <= 1e-9 * Math.max(Math.abs(a), 1);
}

function fromFractions(fractions: readonly number[], size: number): number[] {
  const lengths = fractions.map((fraction, i) => {
    if (fraction < 0 || fraction > 1) throw new ValueError(`Fraction at index ${i} is not between 0 and 1`);
    return Math.floor(size * fraction);
  });
  const rest = size - lengths.reduce((sum, length) => sum + length, 0);
  for (let i = 0; i < rest; i++) (lengths[i % lengths.length] as number)++;
  for (const [i, length] of lengths.entries()) {
    if (length === 0) warn(`Length of split at index ${i} is 0. This might result in an empty dataset.`);
  }
  return lengths;
}

const split = pythonFunction(
  'random_split',
  ['dataset{}', 'lengths', 'generator'],
  (dataset: DatasetLike<unknown>, lengths: readonly number[], generator: Generator | null = default_generator) => {
    const size = lengthOf(dataset);
    const sum = lengths.reduce((total, length) => total + length, 0);
    const whole = isCloseToOne(sum) && sum <= 1 ? fromFractions(lengths, size) : lengths;
    const total = whole.reduce((all, length) => all + length, 0);
    if (total !== size) {
      throw new ValueError('Sum of input lengths does not equal the length of the input dataset!');
    }
    const drawn = randperm(total, { generator });
    const indices = drawn.tolist() as number[];
    drawn.dispose();
    let end = 0;
    return whole.map((length) => {
      end += length;
      return new Subset(dataset, indices.slice(end - length, end));
    });
  },
);

/**
 * Random parts of a data set that do not overlap, of these sizes, or of these fractions where they sum to 1.
 *
 * @throws ValueError when sizes do not sum to the data set's
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.random_split
 */
export const random_split = split as <T>(
  ...args: Arguments<
    readonly ['dataset{}', 'lengths', 'generator'],
    [dataset: DatasetLike<T>, lengths: readonly number[], generator?: Generator | null]
  >
) => Subset<T>[];

placeClasses({ 'torch.utils.data.dataset': { Subset } });
