// The programs in docs/images.md run, and say what they say in Python.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { save_image } from 'isotorch/io';
import * as torch from 'isotorch';
import { expect, test } from 'vitest';
import { openDocument } from './support/documents';

const { folder, run } = openDocument('docs/images.md');

test('a folder of faces', () => {
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, 'faces', name), { recursive: true });
    for (let i = 0; i < 3; i++) save_image(torch.rand([3, 80, 90]), join(folder, 'faces', name, `${i}.png`));
  }
  expect(run(0, join(folder, 'faces'))).toBe('4×3×64×64 torch.int64\n2×3×64×64 torch.int64\n');
});

test('streams', () => {
  // Python: random.seed(0); random.randint(1, 6), random.sample('abc', 2); np.random.seed(0); …
  expect(run(1)).toBe("4 [ 'b', 'a' ]\n[ 2, 3 ] [ 1, 0, 2, 3, 4 ]\n[ 0, 7, 6, 4 ] 0.7504511958064572\n");
});
