// The programs in docs/gan.md run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(root, 'build', 'docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const snippets = [...readFileSync(join(root, 'docs', 'gan.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)];

/** What the first program prints that names all of these. */
function output(...names: string[]): string {
  const found = snippets.find(([, code]) => names.every((name) => code!.includes(name)));
  if (found === undefined) throw new Error(`no program in docs/gan.md names ${names.join(' and ')}`);
  const file = join(folder, `${names[0]}.mjs`);
  writeFileSync(file, transformSync(found[1]!, { loader: 'ts' }).code);
  return execFileSync(process.execPath, [file], { encoding: 'utf8' });
}

test('losses', () => expect(output('hinge_discriminator_loss')).toBe('1.4750\n4\n'));
test('categories', () => expect(output('FusedCombinedLoss')).toBe('true\n'));
test('penalties', () => expect(output('r1_penalty')).toBe('true\n'));
test('averages', () => expect(output('standing_statistics')).toBe('8\n'));
test('augmentation', () => expect(output('AdaAugment')).toBe('true\n'));
test('a step of StyleGAN2', () => expect(output('StyleGAN2ADAGenerator')).toBe('true\ntrue\n2,3,16,16\n'));
