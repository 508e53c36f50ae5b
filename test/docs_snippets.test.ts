// The programs in docs/cuda.md run, on the CPU too.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { run } = openDocument('docs/cuda.md');

test('a device to run on', () => expect(run(0)).toBe(''));

test('a training step as one call', () => {
  const losses = run(1).trim().split('\n').map(Number);
  expect(losses).toHaveLength(2);
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
});
