/** Python's class `random.Random`, of version 3.11. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import { type Arguments, cMethods, pythonClass, pythonMethods } from '../../call';
import type { Real } from '../../python';
import { wordsOf, systemWords } from '../words';
import { Distributions } from './distributions';
import { type Int, randomBelow, randomBits, randomInRange } from './integers';
import { type Seed, seedInteger } from './seed';
import {
  drawChoices,
  drawSample,
  itemsOf,
  type MutableSequence,
  noLength,
  type Sequence,
  shuffleItems,
} from './sequences';
import { type RandomState, readTwister, writeTwister } from './state';

type Weights = Iterable<Real> | null;

class PythonRandom extends Distributions {
  static {
    cMethods(this.prototype, 'Random', { none: ['random'], one: ['getrandbits'] });
    pythonMethods(this.prototype, 'Random', {
      seed: ['a', 'version'],
      getstate: [],
      setstate: ['state'],
      randbytes: ['n'],
      randrange: ['start', 'stop', 'step'],
      randint: ['a', 'b'],
      choice: ['seq'],
      choices: ['population', 'weights', '*', 'cum_weights', 'k'],
      shuffle: ['x'],
      sample: ['population', 'k', '*', 'counts'],
    });
  }

  constructor(x: Seed = null) {
    super();
    this.seed(x);
  }

  /**
   * Starts the sequence from a seed: an int of any size (by its absolute value), a float, a text, bytes; null takes one from the
   * operating system. Version 1 is Python 2's rule for texts and bytes.
   *
   * @throws TypeError "The only supported seed types are: …"
   */
  seed(...args: Arguments<['a', 'version'], [a?: Seed, version?: number]>): void;
  seed(a: Seed = null, version: number = 2): void {
    this.twister.seedWords(a === null ? systemWords(this.twister.key.length) : wordsOf(seedInteger(a, version)));
    this.gauss_next = null;
  }

  /** The state, as Python's own but for lists in the place of tuples: Python continues from it, and here from Python's. */
  getstate(): RandomState {
    return [3, readTwister(this.twister), this.gauss_next];
  }

  /**
   * Continues from a state that `getstate` gave, here or in Python.
   *
   * @throws ValueError for a state that is none; the sequence stays where it was
   */
  setstate(state: RandomState): void {
    if (!Array.isArray(state)) throw new TypeError(`cannot unpack non-iterable ${typeName(state)} object`);
    const [version, internal, next] = state;
    if (version !== 3 && version !== 2) {
      throw new ValueError(`state with version ${String(version)} passed to Random.setstate() of version 3`);
    }
    if (state.length !== 3)
      throw new ValueError(`not enough values to unpack (expected 3, got ${String((state as unknown[]).length)})`);
    if (next !== null && typeof next !== 'number') {
      throw new TypeError(`gauss_next must be a float or None, not ${typeName(next)}`);
    }
    writeTwister(this.twister, version === 2 ? internal.map((word) => word >>> 0) : internal);
    this.gauss_next = next;
  }

  /** An int of `k` random bits. */
  getrandbits(k: Int): Int {
    return randomBits(this.twister, k);
  }

  /** `n` random bytes. */
  randbytes(n: number): Uint8Array {
    const bits = BigInt(randomBits(this.twister, 8 * n));
    return Uint8Array.from(Buffer.from(bits.toString(16).padStart(2 * n, '0'), 'hex').subarray(0, n)).reverse();
  }

  /**
   * An item of `range(start)` or `range(start, stop, step)`.
   *
   * @throws ValueError "empty range for randrange()"
   */
  randrange(...args: Arguments<['start', 'stop', 'step'], [start: Int, stop?: Int | null, step?: Int]>): number;
  randrange(start: bigint, stop?: Int | null, step?: Int): Int;
  randrange(start: Int, stop: Int | null = null, step: Int = 1): Int {
    return randomInRange(this.twister, start, stop, step);
  }

  /** An int in [a, b], both ends included; a BigInt where a number would lose bits. */
  randint(a: number, b: number): number;
  randint(keywords: { a: number; b: number }): number;
  randint(a: Int, b: Int): Int;
  randint(a: Int | { a: number; b: number }, b?: Int): Int {
    return randomInRange(this.twister, a as Int, typeof b === 'bigint' ? b + 1n : (b as number) + 1, 1);
  }

  /** One item. @throws RangeError (Python: IndexError) "Cannot choose from an empty sequence" */
  choice<T>(seq: Sequence<T>): T {
    const items = itemsOf(seq, noLength);
    if (items.length === 0) throw new RangeError('Cannot choose from an empty sequence');
    return items[randomBelow(this.twister, items.length)]!;
  }

  /**
   * `k` items, each of all of them, with probabilities in the ratio of `weights`.
   *
   * @throws ValueError when weights are not as many as items, or have no positive finite sum
   */
  choices<T>(
    ...args: Arguments<
      ['population', 'weights', '*', 'cum_weights', 'k'],
      [population: Sequence<T>, weights?: Weights, cum_weights?: Weights, k?: number]
    >
  ): T[];
  choices(population: unknown, weights: unknown = null, cum_weights: unknown = null, k: unknown = 1): unknown[] {
    const items = itemsOf(population as Sequence<unknown>, noLength);
    return drawChoices(() => this.random(), items, weights as Weights, cum_weights as Weights, k as number);
  }

  /** Puts the items of a list in another order, in place. */
  shuffle<T>(x: MutableSequence<T>): void {
    if (typeof x !== 'object') throw noLength(x);
    itemsOf(x, noLength);
    shuffleItems(this.twister, x);
  }

  /**
   * `k` different items, in random order; `counts` says how often each is there.
   *
   * @throws ValueError "Sample larger than population or is negative"
   */
  sample<T>(population: Sequence<T>, k: number, keywords?: { counts?: Iterable<number> | null }): T[];
  sample<T>(population: Sequence<T>, keywords: { k: number; counts?: Iterable<number> | null }): T[];
  sample(population: unknown, k: unknown, counts: unknown = null): unknown[] {
    const refusal = (): TypeError => new TypeError('Population must be a sequence.  For dicts or sets, use sorted(d).');
    const items = itemsOf(population as Sequence<unknown>, refusal);
    return drawSample(this.twister, items, k as number, counts as Iterable<number> | null);
  }
}

/**
 * A sequence of random numbers: Python's `random.Random`, draw by draw.
 *
 * @example
 * const rng = new torch.random.Random(0);
 * rng.random(); // 0.8444218515250481, as in Python
 *
 * @see https://docs.python.org/3.11/library/random.html
 */
export class Random extends pythonClass('Random', ['x'], PythonRandom) {}
