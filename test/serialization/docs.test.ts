// The programs in docs/files.md run.
import { expect, it } from 'vitest';
import { openDocument } from '../support/documents';

const { run } = openDocument('docs/files.md');

it.each([
  ['a state dict and an optimizer', 0, '3\n'],
  ['what is allowed', 1, ''],
  ['a training', 2, '40\n'],
])('%s', (_, index, printed) => expect(run(index)).toBe(printed));
