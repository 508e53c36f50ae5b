// The lists of what a GPU machine runs are whole: a test file that is in neither of them would be forgotten there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ABOUT_THE_CPU, FEATURES, PARITY } from '../../gpu/suites.mjs';
import { root } from '../../reference/index.mjs';

const filesOf = (folder: string) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);

it('every file of test/parity and of test/cuda runs on a GPU, or says why not', () => {
  const listed = [...PARITY, ...FEATURES, ...Object.keys(ABOUT_THE_CPU)].sort();
  expect(listed).toEqual([...filesOf('test/parity'), ...filesOf('test/cuda')].sort());
});
