/** NumPy's bit generator MT19937. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import { MersenneTwister } from '../mersenne_twister';
import type { Bits } from './bits';
import { type Entropy, SeedSequence } from './seed_sequence';

/** A seed of `numpy.random.seed`: an int or ints in [0, 2^32 − 1]; null takes one from the operating system. */
export type LegacySeed = number | bigint | ArrayLike<number> | null;

/** State of NumPy's MT19937: 624 words, and the position among them. */
export interface MT19937State {
  bit_generator: 'MT19937';
  state: { key: Uint32Array; pos: number };
}

const WORDS = 624;
const MOST = 2 ** 32 - 1;

function legacyWord(value: unknown): number {
  const word = typeof value === 'bigint' ? Number(value) : value;
  if (typeof word !== 'number' || !Number.isInteger(word)) {
    throw new TypeError(`Cannot cast ${typeName(value)} to a seed: give whole numbers`);
  }
  if (word < 0 || word > MOST) throw new ValueError('Seed must be between 0 and 2**32 - 1');
  return word;
}

/** The Mersenne Twister as NumPy's `Generator` takes it; `RandomState` seeds it in the old way. */
export class MT19937 extends MersenneTwister implements Bits {
  readonly bit_generator = 'MT19937';

  constructor(seed: Entropy | SeedSequence | null = null) {
    super();
    const sequence = seed instanceof SeedSequence ? seed : new SeedSequence(seed);
    this.#takeWords(sequence.generate_state(WORDS));
  }

  #takeWords(words: Uint32Array): void {
    this.key.set(words);
    this.key[0] = 0x80000000;
    // NumPy starts one word too early, so that the first twist comes after one draw.
    this.pos = WORDS - 1;
  }

  /** Starts as `numpy.random.seed` does. */
  legacySeed(seed: LegacySeed): void {
    if (seed === null) this.#takeWords(new SeedSequence().generate_state(WORDS));
    else if (typeof seed === 'object') {
      const words = Array.from(seed, legacyWord);
      if (words.length === 0) throw new ValueError('Seed must be non-empty');
      this.seedWords(words);
    } else this.seedWord(legacyWord(seed));
  }

  /** The state as NumPy has it; setting it continues from there. */
  get state(): MT19937State {
    return { bit_generator: 'MT19937', state: { key: this.key.slice(), pos: this.pos } };
  }

  set state(value: MT19937State) {
    if (value?.bit_generator !== 'MT19937') throw new ValueError('state must be for a MT19937 PRNG');
    const { key, pos } = value.state;
    if (key?.length !== WORDS)
      throw new ValueError(`the key of a MT19937 state has ${WORDS} words, not ${key?.length}`);
    if (!Number.isInteger(pos) || pos < 0 || pos > WORDS) {
      throw new ValueError(`the position in a MT19937 state is from 0 to ${WORDS}, not ${String(pos)}`);
    }
    this.key.set(key);
    this.pos = pos;
  }
}
