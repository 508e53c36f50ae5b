// The programs in docs/programs.md run, one after the other: Python writes the files that ours read.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { reference } from './support/parity';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = readFileSync(join(root, 'docs', 'programs.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code!);

it.skipIf('missing' in reference).each([
  ['torch.export', 0, ['0.weight', '0.bias', '2.weight', '2.bias']],
  ['TorchScript', 1, ['0.weight', '0.bias', '2.weight', '2.bias']],
] as const)('%s', (_, index, keys) => {
  if (!('python' in reference)) return;
  execFileSync(reference.python, ['-W', 'ignore', '-c', blocks('python')[index]!], { cwd: folder });
  const file = join(folder, `snippet${index}.mjs`);
  writeFileSync(file, transformSync(blocks('ts')[index]!, { loader: 'ts' }).code);
  const output = execFileSync(process.execPath, [file], { encoding: 'utf8', cwd: folder });
  for (const key of ['[ 5, 2 ]', ...keys.map((name) => `'${name}'`)]) expect(output).toContain(key);
});
