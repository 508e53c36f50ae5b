/** The functions of Python's `math` that take many numbers. */
import { ownOf } from '../core';
import { ValueError } from '../native';
import { multiply } from './arithmetic';
import { fromBigInt, isInt, type Real, toBigInt, toDouble } from './real';

/** The exact sum of floats, rounded once. */
export function fsum(values: Iterable<Real>): number {
  // Parts that do not overlap, smallest first, whose sum is exact.
  const parts: number[] = [];
  let [special, infinite] = [0, 0];
  for (const item of values) {
    let x = toDouble(item);
    if (!Number.isFinite(x)) {
      special += x;
      if (!Number.isNaN(x)) infinite += x;
      parts.length = 0;
      continue;
    }
    let kept = 0;
    for (let y of parts) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) parts[kept++] = low;
      x = high;
    }
    if (!Number.isFinite(x)) throw new RangeError('intermediate overflow in fsum');
    parts.length = kept;
    if (x !== 0) parts.push(x);
  }
  if (Number.isNaN(infinite)) throw new ValueError('-inf + inf in fsum');
  return special === 0 ? roundedSum(parts) : special;
}

/** The sum of such parts, ties to even: where the rest is a half of the last bit, the next part decides. */
function roundedSum(parts: readonly number[]): number {
  let n = parts.length - 1;
  if (n < 0) return 0;
  let high = parts[n]!;
  let low = 0;
  while (n > 0 && low === 0) {
    const x = high;
    const y = parts[--n]!;
    high = x + y;
    low = y - (high - x);
  }
  if (n > 0 && low !== 0 && low < 0 === parts[n - 1]! < 0) {
    const twice = 2 * low;
    const moved = high + twice;
    if (twice === moved - high) high = moved;
  }
  return high;
}

/** The product of numbers; of ints alone it is an int. */
export function prod(values: Iterable<Real>, options: { start?: Real } = {}): number | bigint {
  let product: Real = ownOf(options).start ?? 1;
  let exact = isInt(product);
  for (const value of values) {
    exact &&= isInt(value);
    product = exact ? multiply(product, value) : toDouble(product) * toDouble(value);
  }
  return exact ? fromBigInt(toBigInt(product)) : toDouble(product);
}

const SPLIT = 2 ** 27 + 1;

/** `x` as a sum of two numbers of half as many bits, whose products are exact. */
function halves(x: number): [number, number] {
  const t = x * SPLIT;
  const high = t - (t - x);
  return [high, x - high];
}

/** A running sum that starts at 1, so that its bits have a fixed place, and what it loses, in three sizes. */
class Squares {
  sum = 1;
  readonly lost = [0, 0, 0];

  add(value: number, size: number): void {
    const before = this.sum;
    this.sum += value;
    this.lost[size]! += before - this.sum + value;
  }

  get total(): number {
    return this.sum - 1 + (this.lost[0]! + this.lost[1]! + this.lost[2]!);
  }
}

/** The length of a vector as Python computes it: scaled by a power of two, squared in halves, corrected once. */
function norm(vector: readonly number[]): number {
  const sizes = vector.map(Math.abs);
  if (sizes.includes(Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  if (sizes.some(Number.isNaN)) return Number.NaN;
  const largest = Math.max(0, ...sizes);
  if (largest === 0 || sizes.length <= 1) return largest;
  const squares = new Squares();
  let exponent = Math.ceil(Math.log2(largest));
  while (largest >= 2 ** exponent) exponent++;
  while (largest < 2 ** (exponent - 1)) exponent--;
  if (exponent < -1023) {
    for (const size of sizes) squares.add((size / largest) ** 2, 0);
    return largest * Math.sqrt(squares.sum - 1 + squares.lost[0]!);
  }
  // Two factors: 2^1023 is the largest that one can hold.
  const scaled = (x: number, by: number): number => x * 2 ** (by >> 1) * 2 ** (by - (by >> 1));
  for (const size of sizes) {
    const [high, low] = halves(scaled(size, -exponent));
    squares.add(high * high, 0);
    squares.add(2 * high * low, 1);
    squares.lost[2]! += low * low;
  }
  const root = Math.sqrt(squares.total);
  const [high, low] = halves(root);
  squares.add(-high * high, 0);
  squares.add(-2 * high * low, 1);
  squares.add(-low * low, 2);
  return scaled(root + squares.total / (2 * root), exponent);
}

/** The length of a vector: `hypot(3, 4)` is 5. */
export function hypot(...coordinates: Real[]): number {
  return norm(coordinates.map(toDouble));
}

/** The distance of two points. */
export function dist(p: readonly Real[], q: readonly Real[]): number {
  if (p.length !== q.length) throw new ValueError('both points must have the same number of dimensions');
  return norm(p.map((x, i) => toDouble(x) - toDouble(q[i]!)));
}
