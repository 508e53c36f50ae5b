// The programs in docs/cuda.md run, on the CPU too.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const snippets = [...readFileSync(join(root, 'docs', 'cuda.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)];

function run(index: number): string {
  const file = join(folder, `snippet${index}.mjs`);
  writeFileSync(file, transformSync(snippets[index]![1]!, { loader: 'ts' }).code);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' });
}

test('a device to run on', () => expect(run(0)).toBe(''));

test('a training step as one call', () => {
  const losses = run(1).trim().split('\n').map(Number);
  expect(losses).toHaveLength(2);
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
});
