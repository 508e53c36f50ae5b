// The programs in docs/gan.md run.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { programs, run } = openDocument('docs/gan.md');

/** What the first program prints that names all of these. */
function output(...names: string[]): string {
  const found = programs.findIndex((code) => names.every((name) => code.includes(name)));
  if (found < 0) throw new Error(`no program in docs/gan.md names ${names.join(' and ')}`);
  return run(found);
}

test('losses', () => expect(output('hinge_discriminator_loss')).toBe('1.4750\n4\n'));
test('categories', () => expect(output('FusedCombinedLoss')).toBe('true\n'));
test('penalties', () => expect(output('r1_penalty')).toBe('true\n'));
test('averages', () => expect(output('standing_statistics')).toBe('8\n'));
test('augmentation', () => expect(output('AdaAugment')).toBe('true\n'));
test('a step of StyleGAN2', () => expect(output('StyleGAN2ADAGenerator')).toBe('true\ntrue\n2,3,16,16\n'));
