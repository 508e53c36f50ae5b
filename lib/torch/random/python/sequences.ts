/** What Python's `random` takes of sequences. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import { math, type Real } from '../../python';
import type { MersenneTwister } from '../mersenne_twister';
import { randomBelow } from './integers';

/** A sequence: a list, a typed array, a text (of characters), anything with items by index and a length. */
export type Sequence<T> = ArrayLike<T>;

/** A list that `shuffle` reorders. */
export interface MutableSequence<T> {
  readonly length: number;
  [index: number]: T;
}

/** A text by its characters, as Python counts them; else the sequence itself. */
export function itemsOf<T>(given: Sequence<T>, complaint: (value: unknown) => Error): ArrayLike<T> {
  if (typeof given === 'string') return Array.from(given) as unknown as T[];
  const { length } = (given ?? {}) as ArrayLike<T>;
  if (typeof given !== 'object' || !Number.isSafeInteger(length)) throw complaint(given);
  return given;
}

/** Python's words for what `len` does not take. */
export const noLength = (value: unknown): TypeError =>
  new TypeError(`object of type '${typeName(value)}' has no len()`);

/** Running sums. */
function accumulate(weights: Iterable<Real>): number[] {
  let total = 0;
  return Array.from(weights, (weight) => {
    total += Number(weight);
    return total;
  });
}

/** The first place at which `x` could be put in between `low` and `high` so that the list stays sorted, behind equal ones. */
function bisect(sorted: ArrayLike<number>, x: number, high = sorted.length): number {
  let low = 0;
  let end = high;
  while (low < end) {
    const middle = Math.floor((low + end) / 2);
    if (x < sorted[middle]!) end = middle;
    else low = middle + 1;
  }
  return low;
}

/** What `choices` draws with the given weights; `draw` gives numbers in [0, 1). */
export function drawChoices<T>(
  draw: () => number,
  items: ArrayLike<T>,
  weights: Iterable<Real> | null,
  cumulative: Iterable<Real> | null,
  k: number,
): T[] {
  const n = items.length;
  const count = Math.max(0, k);
  if (weights !== null && cumulative !== null) {
    throw new TypeError('Cannot specify both weights and cumulative weights');
  }
  if (typeof weights === 'number') {
    throw new TypeError(`The number of choices must be a keyword argument: k=${String(weights)}`);
  }
  if (weights === null && cumulative === null) {
    if (n === 0 && count > 0) throw new RangeError('list index out of range');
    return Array.from({ length: count }, () => items[Math.floor(draw() * n)]!);
  }
  const sums = weights === null ? Array.from(cumulative!, Number) : accumulate(weights);
  if (sums.length !== n) throw new ValueError('The number of weights does not match the population');
  if (n === 0) throw new RangeError('list index out of range');
  const total = sums[n - 1]!;
  if (total <= 0) throw new ValueError('Total of weights must be greater than zero');
  if (!Number.isFinite(total)) throw new ValueError('Total of weights must be finite');
  return Array.from({ length: count }, () => items[bisect(sums, draw() * total, n - 1)]!);
}

/** Places of `k` different items among `n`. */
function samplePlaces(twister: MersenneTwister, n: number, k: number): number[] {
  if (!(k >= 0 && k <= n)) throw new ValueError('Sample larger than population or is negative');
  const result = new Array<number>(k);
  // A list is smaller than a set of k up to this size; Python decides by it which numbers are drawn.
  const size = 21 + (k > 5 ? 4 ** Number(math.ceil(math.log(k * 3, 4))) : 0);
  if (n <= size) {
    const pool = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = randomBelow(twister, n - i);
      result[i] = pool[j]!;
      pool[j] = pool[n - i - 1]!;
    }
    return result;
  }
  const selected = new Set<number>();
  for (let i = 0; i < k; i++) {
    let j = randomBelow(twister, n);
    while (selected.has(j)) j = randomBelow(twister, n);
    selected.add(j);
    result[i] = j;
  }
  return result;
}

/** What `sample` draws; `counts` says how often each item is there. */
export function drawSample<T>(
  twister: MersenneTwister,
  items: ArrayLike<T>,
  k: number,
  counts: Iterable<number> | null,
): T[] {
  if (typeof k !== 'number' || !Number.isInteger(k)) {
    throw new TypeError(
      `'${typeof k === 'number' ? 'float' : typeName(k)}' object cannot be interpreted as an integer`,
    );
  }
  if (counts === null) return samplePlaces(twister, items.length, k).map((place) => items[place]!);
  const sums = accumulate(counts);
  if (sums.length !== items.length) throw new ValueError('The number of counts does not match the population');
  const total = sums.pop() ?? 0;
  if (!Number.isInteger(total)) throw new TypeError('Counts must be integers');
  if (total <= 0) throw new ValueError('Total of counts must be greater than zero');
  return samplePlaces(twister, total, k).map((place) => items[bisect(sums, place)]!);
}

/** Puts the items in another order, in place. */
export function shuffleItems<T>(twister: MersenneTwister, x: MutableSequence<T>): void {
  for (let i = x.length - 1; i > 0; i--) {
    const j = randomBelow(twister, i + 1);
    const item = x[i]!;
    x[i] = x[j]!;
    x[j] = item;
  }
}
