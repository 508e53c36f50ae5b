// The program in docs/stylegan2.md runs.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { run } = openDocument('docs/stylegan2.md');

test('sampling', () => expect(run(0)).toBe('4,3,16,16 4,3,16,16\n'));
