// Every snippet of the README runs, as a user would paste it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
// Inside the package, so that `import 'isotorch'` finds the package itself.
const folder = mkdtempSync(join(root, 'build', 'readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(index: number): string[] {
  const file = join(folder, `snippet${index}.mjs`);
  writeFileSync(file, transformSync(snippets[index]!, { loader: 'ts' }).code);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim().split('\n');
}

test('there are four snippets', () => expect(snippets).toHaveLength(4));

test('tensors and autograd', () => {
  const promised = /\/\/ (.*), as in Python/.exec(snippets[0]!)![1]!;
  const [value, ...shape] = promised.split(' ');
  const [printed, ...printedShape] = run(0)[0]!.split(' ');
  expect(printedShape).toEqual(shape);
  // Python's number, recorded; another CPU's kernels may round the last bits of float32 differently.
  expect(Number(printed)).toBeCloseTo(Number(value), 5);
});

test('the GAN finds the mean of its data', () => {
  const [x, y] = JSON.parse(run(1).at(-1)!) as [number, number];
  expect(Math.hypot(x - 2, y + 1)).toBeLessThan(0.5);
});

test('a module of your own', () => {
  const [, promised] = /\/\/ (\[ 2, 4 \].*)/.exec(snippets[2]!)!;
  expect(run(2)).toEqual([promised]);
});

test('numbers, BigInts and counters', () => {
  expect(run(3)).toEqual(['torch.int64', 'torch.float32', 'true']);
});
