// The programs in docs/files.md run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';

const folder = mkdtempSync(join(root, 'build', 'docs-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const snippets = [...readFileSync(join(root, 'docs', 'files.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)];

it.each([
  ['a state dict and an optimizer', 0, '3\n'],
  ['what is allowed', 1, ''],
  ['a training', 2, '40\n'],
])('%s', (_, index, printed) => {
  const file = join(folder, `snippet${index}.mjs`);
  writeFileSync(file, transformSync(snippets[index]![1]!, { loader: 'ts' }).code);
  expect(execFileSync(process.execPath, [file], { encoding: 'utf8', cwd: folder })).toBe(printed);
});
