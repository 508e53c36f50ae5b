/** Numbers of occurrences by value: Python's `collections.Counter` of ints. */
export class Counter extends Map<number, number> {
  /** @param values ints, or a Map or object of their numbers, as files give it */
  static of(values: unknown): Counter {
    const counter = new Counter();
    if (values instanceof Map) for (const [value, count] of values) counter.set(Number(value), Number(count));
    else if (Array.isArray(values) || typeof (values as Iterable<number>)[Symbol.iterator] === 'function') {
      for (const value of values as Iterable<number>) counter.set(value, (counter.get(value) ?? 0) + 1);
    } else for (const [value, count] of Object.entries(values as object)) counter.set(Number(value), Number(count));
    return counter;
  }

  /** The values in order, each as often as it occurs. */
  sorted(): number[] {
    return [...this].flatMap(([value, count]) => new Array<number>(count).fill(value)).sort((a, b) => a - b);
  }
}

/** Where `value` goes in a sorted list, after those equal to it: Python's `bisect_right`. */
export function bisect_right(sorted: readonly number[], value: number): number {
  const index = sorted.findIndex((item) => item > value);
  return index < 0 ? sorted.length : index;
}
