import { typeName } from '../../../core';
import { ValueError } from '../../../native';

/** The pairs of names and values that a list holds, one after the other. Throws, naming the first that is none. */
export function* pairsOf(owner: string, list: Iterable<unknown>): Generator<[string, unknown]> {
  let position = 0;
  for (const item of list) {
    if (typeof (item as Iterable<unknown> | null)?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`${owner} update sequence element #${position} should be Iterable; is${typeName(item)}`);
    }
    const pair = [...(item as Iterable<unknown>)];
    if (pair.length !== 2) {
      throw new ValueError(`${owner} update sequence element #${position} has length ${pair.length}; 2 is required`);
    }
    yield pair as [string, unknown];
    position++;
  }
}
