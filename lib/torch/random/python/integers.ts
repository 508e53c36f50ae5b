/** Ints of Python's `random`: bits, ranges, places in sequences. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import type { MersenneTwister } from '../mersenne_twister';

/** An int: a BigInt where a number would lose bits. */
export type Int = number | bigint;

const MOST_BITS = 2 ** 31 - 1;

/** An int as a number where that keeps all bits. */
function readable(value: bigint): Int {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** `k` bits that a number holds: at most 53. */
function fewBits(twister: MersenneTwister, k: number): number {
  if (k <= 32) return k === 0 ? 0 : twister.next32() >>> (32 - k);
  const low = twister.next32();
  return (twister.next32() >>> (64 - k)) * 2 ** 32 + low;
}

function manyBits(twister: MersenneTwister, k: number): bigint {
  const words = new Uint32Array(Math.ceil(k / 32));
  for (let i = 0; i < words.length; i++) {
    const left = k - 32 * i;
    words[i] = left < 32 ? twister.next32() >>> (32 - left) : twister.next32();
  }
  return BigInt(`0x${Buffer.from(words.buffer).reverse().toString('hex')}`);
}

/**
 * An int of `k` random bits.
 *
 * @throws ValueError "number of bits must be non-negative"
 */
export function randomBits(twister: MersenneTwister, k: Int): Int {
  if (typeof k === 'number' ? !Number.isInteger(k) : typeof k !== 'bigint') {
    throw new TypeError(`'${Number.isFinite(k) ? 'float' : typeName(k)}' object cannot be interpreted as an integer`);
  }
  if (k < 0) throw new ValueError('number of bits must be non-negative');
  if (k > MOST_BITS) throw new RangeError('Python int too large to convert to C int');
  return k <= 53 ? fewBits(twister, Number(k)) : readable(manyBits(twister, Number(k)));
}

/** A place in [0, n), n a whole number from 1 to 2^53 − 1. */
export function randomBelow(twister: MersenneTwister, n: number): number {
  const k = n < 2 ** 32 ? 32 - Math.clz32(n) : 64 - Math.clz32(n / 2 ** 32);
  let r = fewBits(twister, k);
  while (r >= n) r = fewBits(twister, k);
  return r;
}

function randomBelowBig(twister: MersenneTwister, n: bigint): bigint {
  const k = n.toString(2).length;
  let r = manyBits(twister, k);
  while (r >= n) r = manyBits(twister, k);
  return r;
}

/** An argument of `randrange` as an integer. */
function integer(value: unknown, place: string): bigint {
  if (typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value);
  if (typeof value !== 'number') {
    throw new TypeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  }
  if (!Number.isInteger(value)) throw new ValueError(`non-integer ${place} for randrange()`);
  return BigInt(value);
}

/** ⌈width / step⌉ as Python's `//` gives it, for a step of either sign. */
function stepsIn(width: bigint, step: bigint): bigint {
  const sum = width + step + (step > 0n ? -1n : 1n);
  const down = sum % step !== 0n && sum < 0n !== step < 0n;
  return sum / step - (down ? 1n : 0n);
}

/**
 * An item of `range(start)` or `range(start, stop, step)`.
 *
 * @throws ValueError "empty range for randrange()"
 */
export function randomInRange(twister: MersenneTwister, start: Int, stop: Int | null, step: Int): Int {
  // What happens most, without big integers.
  if (Number.isSafeInteger(start) && (stop === null || Number.isSafeInteger(stop)) && step === 1) {
    const from = stop === null ? 0 : (start as number);
    const width = (stop === null ? (start as number) : (stop as number)) - from;
    if (width > 0 && Number.isSafeInteger(width)) return from + randomBelow(twister, width);
  }
  const first = integer(start, 'arg 1');
  if (stop === null) {
    if (step !== 1) throw new TypeError('Missing a non-None stop argument');
    if (first > 0n) return readable(randomBelowBig(twister, first));
    throw new ValueError('empty range for randrange()');
  }
  const end = integer(stop, 'stop');
  const by = integer(step, 'step');
  const width = end - first;
  if (by === 1n && width <= 0n) throw new ValueError(`empty range for randrange() (${first}, ${end}, ${width})`);
  if (by === 0n) throw new ValueError('zero step for randrange()');
  const count = stepsIn(width, by);
  if (count <= 0n) throw new ValueError('empty range for randrange()');
  return readable(first + by * randomBelowBig(twister, count));
}
