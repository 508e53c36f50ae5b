// The programs in docs/modules.md run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const snippets = [...readFileSync(join(root, 'docs', 'modules.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)];

function run(index: number): string {
  const file = join(folder, `snippet${index}.mjs`);
  writeFileSync(file, transformSync(snippets[index]![1]!, { loader: 'ts' }).code);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' });
}

test('buffers, lists and dicts', () => {
  expect(run(0)).toBe(
    [
      'layers.0.weight layers.0.bias layers.1.weight layers.1.bias scales.in scales.out',
      'ModuleList(\n  (0): Linear(in_features=4, out_features=4, bias=True)\n)\n',
    ].join('\n'),
  );
});

test('lazy modules', () => expect(run(1)).toBe('[ [ 2, 2, 2 ] ]\n'));
