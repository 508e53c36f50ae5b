// The program in docs/zi2zi.md runs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('styles', () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'zi2zi.md'), 'utf8'))!;
  const file = join(folder, 'styles.mjs');
  writeFileSync(file, transformSync(code!, { loader: 'ts' }).code);
  expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe('1,1,64,64 1,1,64,64 1,128,1,1\n');
});
