/** Integers in a range, as NumPy's bit generators give them: masked in `RandomState`, by Lemire's method in `Generator`. */
import { OutOfMemoryError } from '../../native';
import type { Bits } from './bits';

/** A draw in [0, range]. */
type Draw = () => number;

const FULL_WORD = 0xffffffff;

/** The smallest 2^k − 1 that is not below `range`, of at most 32 bits. */
const maskOf = (range: number): number => (range === 0 ? 0 : FULL_WORD >>> Math.clz32(range));

/** Words of fewer bits, several of each 32. */
function pieces(bits: Bits, size: number): Draw {
  let [word, left] = [0, 0];
  const mask = 2 ** size - 1;
  return () => {
    if (left === 0) {
      word = bits.next32();
      left = 32 / size;
    } else word >>>= size;
    left--;
    return word & mask;
  };
}

/** `range` < 2^size, and draws of `size` bits. */
function within(draw: Draw, size: number, range: number, masked: boolean): Draw {
  const full = 2 ** size - 1;
  if (range === full) return draw;
  if (masked) {
    const mask = maskOf(range);
    return () => {
      for (;;) {
        const value = (draw() & mask) >>> 0;
        if (value <= range) return value;
      }
    };
  }
  const count = range + 1;
  const threshold = (full - range) % count;
  // draw × count, by its upper and its lower part; the product may have 64 bits.
  return () => {
    for (;;) {
      const drawn = draw();
      const upper = Math.floor(drawn / BASE) * count;
      const lower = (drawn % BASE) * count;
      const middle = upper + Math.floor(lower / BASE);
      const high = Math.floor(middle / 2 ** (size - 16));
      const rest = (middle % 2 ** (size - 16)) * BASE + (lower % BASE);
      if (rest >= threshold) return high;
    }
  };
}

const BASE = 65536;

/** Lemire's method in `size` bits, 8 or 16. */
function lemireSmall(draw: Draw, size: number, range: number): Draw {
  const full = 2 ** size - 1;
  const count = range + 1;
  const threshold = (full - range) % count;
  return () => {
    for (;;) {
      const product = draw() * count;
      if ((product & full) >= threshold) return product >>> size;
    }
  };
}

/** Draws in [0, range] for integers of `size` bits, range < 2^32: 1, 8 or 16 bits share words. */
function smallDraw(bits: Bits, size: number, range: number, masked: boolean): Draw {
  if (range === 0) return () => 0;
  if (size >= 32) return within(() => bits.next32(), 32, range, masked);
  const draw = pieces(bits, size);
  if (size === 1 || range === 2 ** size - 1) return draw;
  return masked ? within(draw, size, range, true) : lemireSmall(draw, size, range);
}

/** Draws in [0, range], range of 33 to 64 bits. */
function bigDraw(bits: Bits, range: bigint, masked: boolean): () => bigint {
  const next = (): bigint => {
    bits.next64();
    return (BigInt(bits.high) << 32n) | BigInt(bits.low);
  };
  const full = (1n << 64n) - 1n;
  if (range === full) return next;
  if (masked) {
    const mask = (1n << BigInt(range.toString(2).length)) - 1n;
    return () => {
      for (;;) {
        const value = next() & mask;
        if (value <= range) return value;
      }
    };
  }
  const count = range + 1n;
  const threshold = (full - range) % count;
  return () => {
    for (;;) {
      const product = next() * count;
      if ((product & full) >= threshold) return product >> 64n;
    }
  };
}

/** A place in [0, last], as `Generator` draws it where a range does not end at a power of two. */
export function lemirePlace(bits: Bits, last: number): number {
  return last === 0 ? 0 : smallDraw(bits, 32, last, false)();
}

/** A place in [0, last], as both classes draw it for lists (`random_interval`). */
export function intervalPlace(bits: Bits, last: number): number {
  if (last === 0) return 0;
  const mask = maskOf(last);
  for (;;) {
    const value = (bits.next32() & mask) >>> 0;
    if (value <= last) return value;
  }
}

/** `count` integers from `low` on, of `size` bits, as the bytes of their type. */
export function integerBytes(
  bits: Bits,
  size: number,
  low: bigint,
  range: bigint,
  masked: boolean,
  count: number,
): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(count * Math.max(1, size / 8));
  } catch (cause) {
    throw new OutOfMemoryError(`there is no memory for ${count} integers of ${size} bits`, { cause });
  }
  if (size === 64) fillWide(new Uint32Array(bytes.buffer), bits, low, range, masked);
  else {
    const draw = smallDraw(bits, size, Number(range), masked);
    const first = Number(low);
    const items = size === 32 ? new Uint32Array(bytes.buffer) : size === 16 ? new Uint16Array(bytes.buffer) : bytes;
    for (let i = 0; i < items.length; i++) items[i] = first + draw();
  }
  return bytes;
}

/** 64-bit integers as pairs of words, without a big integer for each where that is possible. */
function fillWide(words: Uint32Array, bits: Bits, low: bigint, range: bigint, masked: boolean): void {
  const first = Number(low);
  if (range <= 0xffffffffn && Number.isSafeInteger(first) && Number.isSafeInteger(first + FULL_WORD)) {
    const draw = smallDraw(bits, 64, Number(range), masked);
    for (let i = 0; i < words.length; i += 2) {
      const value = first + draw();
      words[i] = value;
      words[i + 1] = Math.floor(value / 2 ** 32);
    }
    return;
  }
  const small = range <= 0xffffffffn ? smallDraw(bits, 64, Number(range), masked) : undefined;
  const big = small === undefined ? bigDraw(bits, range, masked) : undefined;
  const items = new BigInt64Array(words.buffer);
  for (let i = 0; i < items.length; i++) items[i] = low + (big?.() ?? BigInt(small!()));
}
