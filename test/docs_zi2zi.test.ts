// The program in docs/zi2zi.md runs.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { run } = openDocument('docs/zi2zi.md');

test('styles', () => expect(run(0)).toBe('1,1,64,64 1,1,64,64 1,128,1,1\n'));
