/** States of Python's `random`, as `getstate` gives and `setstate` takes them. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import type { MersenneTwister } from '../mersenne_twister';

/** What `random.getstate()` returns, tuples as lists: 3, 624 words and the position among them, and the half of `gauss` in store. */
export type RandomState = [version: 2 | 3, internal: number[], gauss_next: number | null];

const WORDS = 624;

/** Numbers of the words and the position. */
export function readTwister(twister: MersenneTwister): number[] {
  return [...twister.key, twister.pos];
}

/**
 * Continues from such numbers; the twister stays as it is where they are no state.
 *
 * @throws ValueError "state vector is the wrong size", "invalid state"
 */
export function writeTwister(twister: MersenneTwister, internal: readonly number[]): void {
  if (!Array.isArray(internal)) throw new TypeError('state vector must be a tuple');
  if (internal.length !== WORDS + 1) throw new ValueError('state vector is the wrong size');
  for (const word of internal as unknown[]) {
    if (typeof word !== 'number' || !Number.isInteger(word)) {
      throw new TypeError(`an integer is required (got type ${typeof word === 'number' ? 'float' : typeName(word)})`);
    }
    if (word < 0) throw new RangeError("can't convert negative value to unsigned int");
    if (word >= 2 ** 32) throw new RangeError('Python int too large to convert to C unsigned long');
  }
  const pos = internal[WORDS]!;
  if (pos > WORDS) throw new ValueError('invalid state');
  twister.key.set(internal.slice(0, WORDS));
  twister.pos = pos;
}
