/** The name that was probably meant. */

/** Number of letters to add, drop, replace or exchange with their neighbour. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The name nearest to `given`; undefined where none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const limit = Math.max(2, given.length / 3);
  const found = names.map((name) => ({ name, far: distance(given, name) })).sort((a, b) => a.far - b.far)[0];
  return found !== undefined && found.far <= limit ? found.name : undefined;
}

/** " Did you mean …?", or nothing. */
export function suggestion(given: string, names: readonly string[]): string {
  const name = nearest(given, names);
  return name === undefined ? '' : ` Did you mean ${name}?`;
}
