// The programs in docs/metrics.md run, and print what their prose says.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const snippets = [...readFileSync(join(root, 'docs', 'metrics.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)];

/** The numbers that a program prints. */
function printed(index: number): number[] {
  const file = join(folder, `snippet${index}.mjs`);
  writeFileSync(file, transformSync(snippets[index]![1]!, { loader: 'ts' }).code);
  const text = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  return [...text.matchAll(/-?\d+(\.\d+)?(e-?\d+)?/g)].map(([number]) => Number(number));
}

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

test('there are no others', () => expect(snippets).toHaveLength(3));
