// The program in docs/stylegan2.md runs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('sampling', () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'stylegan2.md'), 'utf8'))!;
  const file = join(folder, 'sampling.mjs');
  writeFileSync(file, transformSync(code!, { loader: 'ts' }).code);
  expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe('4,3,16,16 4,3,16,16\n');
});
