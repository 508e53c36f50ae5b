/** Work on many files, some at a time. */

/** The results in the order of the items; `width` are worked on at once. The first failure ends it. */
export async function pooled<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
  progress: (done: number, total: number) => void = () => {},
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let [next, done] = [0, 0];
  const line = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
      progress(++done, items.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, line));
  return results;
}
