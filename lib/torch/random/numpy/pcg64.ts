/** NumPy's bit generator PCG64, the one of `default_rng`. */
import { ValueError } from '../../native';
import type { Bits } from './bits';
import { type Entropy, SeedSequence } from './seed_sequence';

/** State of NumPy's PCG64: two 128-bit integers, and the half of 64 bits that `next32` has in store. */
export interface PCG64State {
  bit_generator: 'PCG64';
  state: { state: bigint; inc: bigint };
  has_uint32: number;
  uinteger: number;
}

/** 128 bits as eight limbs of 16, lowest first, so that sums of products stay exact. */
type Limbs = Float64Array;

const LIMBS = 8;
const BASE = 65536;

function limbsOf(value: bigint): Limbs {
  return Float64Array.from({ length: LIMBS }, (_, i) => Number((value >> BigInt(16 * i)) & 0xffffn));
}

function integerOf(limbs: Limbs): bigint {
  return limbs.reduceRight((value, limb) => (value << 16n) | BigInt(limb), 0n);
}

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/**
 * O'Neill's PCG XSL RR 128/64.
 *
 * @see https://www.pcg-random.org
 */
export class PCG64 implements Bits {
  readonly bit_generator = 'PCG64';
  high = 0;
  low = 0;
  /** The seed, which `spawn` makes others of. */
  readonly seed_seq: SeedSequence;
  readonly #multiplier = limbsOf(MULTIPLIER);
  readonly #state = new Float64Array(LIMBS);
  readonly #inc = new Float64Array(LIMBS);
  readonly #next = new Float64Array(LIMBS);
  #stored: number | null = null;
  #left = 0;

  constructor(seed: Entropy | SeedSequence | null = null) {
    this.seed_seq = seed instanceof SeedSequence ? seed : new SeedSequence(seed);
    const [high, low, incHigh, incLow] = this.seed_seq.generate_state(4, 'uint64');
    const inc = (((incHigh! << 64n) | incLow!) << 1n) | 1n;
    this.#inc.set(limbsOf(inc));
    // The first step from 0 gives inc.
    this.#state.set(limbsOf(BigInt.asUintN(128, inc + ((high! << 64n) | low!))));
    this.#step();
  }

  /** state = state × multiplier + inc. */
  #step(): void {
    const [a, m, inc, next] = [this.#state, this.#multiplier, this.#inc, this.#next];
    let carry = 0;
    for (let k = 0; k < LIMBS; k++) {
      let sum = carry + inc[k]!;
      for (let i = 0; i <= k; i++) sum += a[i]! * m[k - i]!;
      carry = Math.floor(sum / BASE);
      next[k] = sum - carry * BASE;
    }
    a.set(next);
  }

  next64(): void {
    this.#step();
    const s = this.#state;
    const low = (s[0]! | (s[1]! << 16)) ^ (s[4]! | (s[5]! << 16));
    const high = (s[2]! | (s[3]! << 16)) ^ (s[6]! | (s[7]! << 16));
    const turn = s[7]! >>> 10;
    // A turn by 32 or more swaps the halves first.
    const [from, to] = turn < 32 ? [low, high] : [high, low];
    const by = turn & 31;
    this.low = (by === 0 ? from : (from >>> by) | (to << (32 - by))) >>> 0;
    this.high = (by === 0 ? to : (to >>> by) | (from << (32 - by))) >>> 0;
  }

  next32(): number {
    if (this.#stored !== null) {
      this.#left = this.#stored;
      this.#stored = null;
      return this.#left;
    }
    this.next64();
    this.#stored = this.high;
    return this.low;
  }

  nextDouble(): number {
    this.next64();
    return (this.high * 2097152 + (this.low >>> 11)) / 9007199254740992;
  }

  /** The state as NumPy has it, its big integers as BigInts; setting it continues from there. */
  get state(): PCG64State {
    return {
      bit_generator: 'PCG64',
      state: { state: integerOf(this.#state), inc: integerOf(this.#inc) },
      has_uint32: this.#stored === null ? 0 : 1,
      uinteger: this.#stored ?? this.#left,
    };
  }

  set state(value: PCG64State) {
    if (value?.bit_generator !== 'PCG64') throw new ValueError('state must be for a PCG64 RNG');
    const [state, inc] = [BigInt(value.state.state), BigInt(value.state.inc)];
    if (BigInt.asUintN(128, state) !== state || BigInt.asUintN(128, inc) !== inc) {
      throw new ValueError('the integers of a PCG64 state are from 0 to 2^128 - 1');
    }
    this.#state.set(limbsOf(state));
    this.#inc.set(limbsOf(inc));
    this.#left = value.uinteger >>> 0;
    this.#stored = value.has_uint32 ? this.#left : null;
  }
}
