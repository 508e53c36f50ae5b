/** JSON of run folders. A number that JSON has no word for (a loss that became NaN) is a text, Python's word for it. */

const WORDS = new Map<unknown, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** A value as JSON; NaN and the infinities as texts. */
export function toJson(value: unknown, indent?: number): string {
  const word = (_: string, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item);
  return JSON.stringify(value, word, indent);
}

/** What `toJson` wrote, with those numbers again. @throws SyntaxError */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => WORDS.get(item) ?? item);
}
