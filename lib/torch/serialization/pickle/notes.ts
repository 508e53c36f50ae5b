/**
 * What Python tells apart and JavaScript does not, noted beside what was loaded, so that it is written back as it was: a float whose
 * value is whole, an OrderedDict, a Counter, a bytearray.
 */

/** What is known of a list, a dict or a set that was loaded. */
export interface Note {
  kind?: 'OrderedDict' | 'Counter' | 'bytearray';
  /** Keys and indices at which a float lies whose value is whole. */
  floats?: Set<unknown>;
}

const notes = new WeakMap<object, Note>();

/** The note for an object; undefined where there is none. */
export const noteOf = (object: object): Note | undefined => notes.get(object);

/** Notes something about an object. */
export function note(object: object, more: Note): void {
  notes.set(object, { ...notes.get(object), ...more });
}

/** Notes that a float lies at this key. */
export function noteFloat(object: object, key: unknown): void {
  const floats = notes.get(object)?.floats ?? new Set();
  floats.add(key);
  note(object, { floats });
}
