// The programs in docs/metrics.md run, and print what their prose says.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { programs, run } = openDocument('docs/metrics.md');

/** The numbers that a program prints. */
const printed = (index: number): number[] =>
  [...run(index).matchAll(/-?\d+(\.\d+)?(e-?\d+)?/g)].map(([number]) => Number(number));

test('while training: two shares, an error and a square', () => {
  const [real, fake, cycle, latent] = printed(0);
  for (const share of [real!, fake!]) expect(share * 8).toBe(Math.round(share * 8));
  expect(cycle).toBeGreaterThan(0);
  expect(latent).toBeGreaterThan(0);
});

test('of samples: near statistics, unlike images', () => {
  const [distance, similarity] = printed(1);
  expect(distance).toBeGreaterThan(0);
  expect(distance).toBeLessThan(2);
  expect(Math.abs(similarity!)).toBeLessThan(0.3);
});

test('maps of latent codes', () => {
  const [rows, columns, divergence, trust] = printed(2);
  expect([rows, columns]).toEqual([60, 2]);
  expect(divergence).toBeGreaterThan(0);
  expect(trust).toBeGreaterThan(0.5);
});

test('there are no others', () => expect(programs).toHaveLength(3));
