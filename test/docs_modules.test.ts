// The programs in docs/modules.md run.
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { run } = openDocument('docs/modules.md');

test('buffers, lists and dicts', () => {
  expect(run(0)).toBe(
    [
      'layers.0.weight layers.0.bias layers.1.weight layers.1.bias scales.in scales.out',
      'ModuleList(\n  (0): Linear(in_features=4, out_features=4, bias=True)\n)\n',
    ].join('\n'),
  );
});

test('lazy modules', () => expect(run(1)).toBe('[ [ 2, 2, 2 ] ]\n'));
