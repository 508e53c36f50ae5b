// The programs in docs/data.md run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a data set with workers', () => {
  const snippets = [
    ...readFileSync(join(root, 'docs', 'data.md'), 'utf8').matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g),
  ];
  for (const [, name, code] of snippets)
    writeFileSync(join(folder, name!), transformSync(code!, { loader: 'ts' }).code);
  const lines = execFileSync(process.execPath, [join(folder, 'train.mjs')], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(lines).toHaveLength(6);
  for (const half of [lines.slice(0, 3), lines.slice(3)]) {
    const indices = half.flatMap((line) => line.split(' ').slice(0, -1).map(Number));
    expect(indices.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(half.map((line) => line.split(' ').at(-1))).toEqual(['4×1', '4×1', '2×1']);
  }
});
