/** The functions of Python's `math` that are about ints. */
import { ValueError } from '../native';
import { fromBigInt, type Real, toBigInt } from './real';

type Int = number | bigint;

const size = (value: bigint): bigint => (value < 0n ? -value : value);

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [size(a), size(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The greatest common divisor. */
export function gcd(...values: Real[]): Int {
  return fromBigInt(values.map(toBigInt).reduce(divisor, 0n));
}

/** The least common multiple. */
export function lcm(...values: Real[]): Int {
  const multiple = (a: bigint, b: bigint): bigint => (a === 0n || b === 0n ? 0n : size(a * b) / divisor(a, b));
  return fromBigInt(values.map(toBigInt).reduce(multiple, 1n));
}

/** The whole part of the square root. */
export function isqrt(n: Real): Int {
  const value = toBigInt(n);
  if (value < 0n) throw new ValueError('isqrt() argument must be nonnegative');
  if (value < 2n) return fromBigInt(value);
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return fromBigInt(root);
    root = next;
  }
}

/** 1 × 2 × … × n. */
export function factorial(n: Real): Int {
  const value = toBigInt(n);
  if (value < 0n) throw new ValueError('factorial() not defined for negative values');
  let product = 1n;
  for (let i = 2n; i <= value; i++) product *= i;
  return fromBigInt(product);
}

/** Number of ways to put k of n things in order; all of them by default. */
export function perm(n: Real, k?: Real | null): Int {
  if (k === undefined || k === null) return factorial(n);
  const [all, some] = [toBigInt(n), toBigInt(k)];
  if (all < 0n) throw new ValueError('n must be a non-negative integer');
  if (some < 0n) throw new ValueError('k must be a non-negative integer');
  if (some > all) return 0;
  let product = 1n;
  for (let i = all - some + 1n; i <= all; i++) product *= i;
  return fromBigInt(product);
}

/** Number of ways to choose k of n things. */
export function comb(n: Real, k: Real): Int {
  const [all, some] = [toBigInt(n), toBigInt(k)];
  if (all < 0n) throw new ValueError('n must be a non-negative integer');
  if (some < 0n) throw new ValueError('k must be a non-negative integer');
  if (some > all) return 0;
  const fewer = some < all - some ? some : all - some;
  let product = 1n;
  for (let i = 1n; i <= fewer; i++) product = (product * (all - fewer + i)) / i;
  return fromBigInt(product);
}
