// The options of a stored run are those that the command line takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDemoFolder, readDemoFolder } from '../../dist/cli/demo_folder.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-folder-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = {
  mode: 'split' as const,
  steps: 3,
  batch_size: 16,
  seed: 0,
  threads: 1,
  device: 'cpu',
  versions: { node: process.versions.node },
};
const changed = (changes: object): string => JSON.stringify({ ...options, ...changes });

it.each([
  ['{', /is not valid JSON/],
  ['{}', /has no usable "mode": it is missing, and takes one of split, joint, both/],
  ['null', /has no usable "mode"/],
  [changed({ mode: '../../evil' }), /has no usable "mode": it is "..\/..\/evil"/],
  [changed({ mode: 'constructor' }), /has no usable "mode"/],
  [changed({ steps: -5 }), /has no usable "steps": it is -5, and takes a whole number from 1 on. Correct it/],
  [changed({ steps: 1.5 }), /has no usable "steps"/],
  [changed({ batch_size: 1 }), /has no usable "batch_size".* from 2 to 60000/],
  [changed({ seed: '0' }), /has no usable "seed"/],
  [changed({ threads: 100_000 }), /has no usable "threads".* from 1 to 1024/],
  [changed({ device: 'cpu; rm' }), /has no usable "device"/],
  [changed({ versions: { node: 22 } }), /has no usable "versions"/],
])('refuses options.json holding %s', (text, message) => {
  writeFileSync(join(folder, 'options.json'), text);
  expect(() => readDemoFolder(folder)).toThrow(message);
});

it('reads what was written', () => {
  expect(readDemoFolder(createDemoFolder(join(folder, 'runs'), options))).toEqual(options);
});
