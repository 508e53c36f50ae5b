// Every snippet of the README runs, as a user would paste it.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { programs, run } = openDocument('README.md');
const lines = (index: number): string[] => run(index).trim().split('\n');

test('there are four snippets', () => expect(programs).toHaveLength(4));

test('tensors and autograd', () => {
  const promised = /\/\/ (.*), as in Python/.exec(programs[0]!)![1]!;
  const [value, ...shape] = promised.split(' ');
  const [printed, ...printedShape] = lines(0)[0]!.split(' ');
  expect(printedShape).toEqual(shape);
  // Python's number, recorded; another CPU's kernels may round the last bits of float32 differently.
  expect(Number(printed)).toBeCloseTo(Number(value), 5);
});

test('the GAN finds the mean of its data', () => {
  const [x, y] = JSON.parse(lines(1).at(-1)!) as [number, number];
  expect(Math.hypot(x - 2, y + 1)).toBeLessThan(0.5);
});

test('a module of your own', () => {
  const [, promised] = /\/\/ (\[ 2, 4 \].*)/.exec(programs[2]!)!;
  expect(lines(2)).toEqual([promised]);
});

test('numbers, BigInts and counters', () => {
  expect(lines(3)).toEqual(['torch.int64', 'torch.float32', 'true']);
});
