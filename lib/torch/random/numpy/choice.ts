/** `choice`, `shuffle` and `permutation` of NumPy's classes. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import { isTensor, type Tensor } from '../../memory';
import { countOf, dimsOf, integers, type Shape } from './arrays';

/** What items are chosen of: an int n means 0 … n − 1; a list, or a tensor, along its first dimension. */
export type Population<T> = number | ArrayLike<T> | Tensor;

/** Probabilities, one for each item. */
export type Probabilities = ArrayLike<number> | Tensor;

/** Number of items. */
export function sizeOf(a: Population<unknown>): number {
  if (typeof a === 'number') {
    if (!Number.isInteger(a)) throw new ValueError('a must be a sequence or an integer, not float');
    return a;
  }
  if (isTensor(a)) {
    if (a.ndim < 1) throw new ValueError('a must be a sequence or an integer, not a tensor without dimensions');
    return a.shape[0]!;
  }
  if (typeof a !== 'object' || a === null || !Number.isSafeInteger(a.length)) {
    throw new ValueError(`a must be a sequence or an integer, not ${typeName(a)}`);
  }
  return a.length;
}

/** Number of items of a list, or of a tensor's rows. */
export function lengthOf(x: Tensor | ArrayLike<unknown>): number {
  return isTensor(x) ? (x.shape[0] ?? 0) : x.length;
}

/** √ε of doubles: how far probabilities may be from a sum of 1. */
const SUM_TOLERANCE = 1.4901161193847656e-8;

/** The sum, with what each addition lost (Kahan). */
function kahanSum(values: ArrayLike<number>): number {
  let sum = values[0] ?? 0;
  let lost = 0;
  for (let i = 1; i < values.length; i++) {
    const y = values[i]! - lost;
    const next = sum + y;
    lost = next - sum - y;
    sum = next;
  }
  return sum;
}

/**
 * Probabilities as numbers.
 *
 * @throws ValueError "probabilities do not sum to 1", "'a' and 'p' must have same size"
 */
export function probabilities(p: Probabilities, size: number): Float64Array {
  const values = Float64Array.from(isTensor(p) ? (p.tolist() as number[]) : (p as ArrayLike<number>), Number);
  if (isTensor(p) && p.ndim !== 1) throw new ValueError("'p' must be 1-dimensional");
  if (values.length !== size) throw new ValueError("'a' and 'p' must have same size");
  const sum = kahanSum(values);
  if (Number.isNaN(sum)) throw new ValueError('probabilities contain NaN');
  if (values.some((value) => value < 0)) throw new ValueError('probabilities are not non-negative');
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw new ValueError('probabilities do not sum to 1');
  }
  return values;
}

function cumulative(p: Float64Array): Float64Array {
  const sums = p.slice();
  for (let i = 1; i < sums.length; i++) sums[i] = sums[i - 1]! + sums[i]!;
  const total = sums[sums.length - 1]!;
  return sums.map((sum) => sum / total);
}

/** The first place whose sum is above `x`. */
function place(sums: Float64Array, x: number): number {
  let [low, high] = [0, sums.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x < sums[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `count` places with probabilities `p`, each of all of them. */
export function weightedPlaces(draw: () => number, p: Float64Array, count: number): Float64Array {
  const sums = cumulative(p);
  return new Float64Array(count).map(() => place(sums, draw()));
}

/** `count` different places with probabilities `p`. */
export function differentWeightedPlaces(draw: () => number, p: Float64Array, count: number): Float64Array {
  if (p.filter((value) => value > 0).length < count) throw new ValueError('Fewer non-zero entries in p than size');
  const left = p.slice();
  const found: number[] = [];
  while (found.length < count) {
    const x = Array.from({ length: count - found.length }, draw);
    for (const at of found) left[at] = 0;
    const sums = cumulative(left);
    found.push(...new Set(x.map((value) => place(sums, value))));
  }
  return Float64Array.from(found);
}

/** Exchanges items of a list, or rows of a tensor, from the last one on, with those that `draw` says. */
export function shuffleInPlace(x: unknown, draw: (last: number) => number): void {
  if (isTensor(x)) {
    const rows = x as Tensor;
    if (rows.ndim < 1) throw new TypeError('len() of unsized object');
    const order = Float64Array.from({ length: rows.shape[0]! }, (_, i) => i);
    shuffleInPlace(order, draw);
    rows.copy_(rows.index_select(0, integers(order, [order.length])));
    return;
  }
  const items = x as { length: number; [index: number]: unknown };
  if (typeof x !== 'object' || x === null || !Number.isSafeInteger(items.length)) {
    throw new TypeError(`object of type '${typeName(x)}' has no len()`);
  }
  for (let i = items.length - 1; i > 0; i--) {
    const j = draw(i);
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}

/** Nests the items of a list in the dimensions of a size. */
function nested(items: unknown[], dims: readonly number[]): unknown {
  if (dims.length === 0) return items[0];
  if (dims.length === 1) return items;
  const inner = items.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, i) => nested(items.slice(i * inner, (i + 1) * inner), dims.slice(1)));
}

/** The items at these places, in the shape of `size`: tensors of a tensor or an int, lists of a list; one where size is null. */
export function taken(a: Population<unknown>, at: Float64Array, size: Shape | null): unknown {
  const dims = size === null ? [] : dimsOf(size);
  if (typeof a === 'number') return size === null ? at[0] : integers(at, dims);
  if (isTensor(a)) {
    if (size === null) return a.ndim === 1 ? a.select(0, at[0]!).item() : a.select(0, at[0]!);
    return a.index_select(0, integers(at, [at.length])).reshape([...dims, ...a.shape.slice(1)]);
  }
  const items = Array.from(at, (i) => a[i]);
  return size === null ? items[0] : nested(items, dims);
}

/** Number of items of a size; one where it is null. */
export const countFor = (size: Shape | null): number => (size === null ? 1 : countOf(dimsOf(size)));
