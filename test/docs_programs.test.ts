// The programs in docs/programs.md run, one after the other: Python writes the files that ours read.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { openDocument } from './support/documents';
import { reference } from './support/parity';

const { folder, blocks, run } = openDocument('docs/programs.md');

it.skipIf('missing' in reference).each([
  ['torch.export', 0, ['0.weight', '0.bias', '2.weight', '2.bias']],
  ['TorchScript', 1, ['0.weight', '0.bias', '2.weight', '2.bias']],
] as const)('%s', (_, index, keys) => {
  if (!('python' in reference)) return;
  execFileSync(reference.python, ['-W', 'ignore', '-c', blocks('python')[index]!], { cwd: folder });
  const output = run(index);
  for (const key of ['[ 5, 2 ]', ...keys.map((name) => `'${name}'`)]) expect(output).toContain(key);
});
