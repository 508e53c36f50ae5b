import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import torch, { Tensor, zeros } from 'isotorch';
import * as namespace from 'isotorch';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);

it('is one object, however it is imported', () => {
  const required = require('isotorch') as typeof namespace;
  expect(required.zeros).toBe(zeros);
  expect([torch.zeros, namespace.zeros]).toEqual([zeros, zeros]);
  expect([torch.Tensor, namespace.Tensor, required.Tensor]).toEqual([Tensor, Tensor, Tensor]);
  expect(namespace.zeros([1])).toBeInstanceOf(Tensor);
});

it('gives plain Node the same names by import and by require', () => {
  const script = `
    import torch, * as all from 'isotorch';
    import { createRequire } from 'node:module';
    const required = createRequire(process.cwd() + '/')('isotorch');
    const missing = Object.keys(required).filter((name) => !(name in all) || !(name in torch));
    console.log(JSON.stringify([missing, torch.ones([2]).sum().item()]));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual([[], 2]);
});

it.each(['autograd', 'io', 'optim', 'data', 'nn', 'nn/functional', 'gan'])(
  'works when isotorch/%s comes first',
  (subpath) => {
    // The subpath alone must bring the Tensor class: its own code makes tensors.
    const script = `
      require('isotorch/${subpath}');
      const { inside } = require('./dist/later.js');
      console.log(inside.wrap(inside.native.op('aten::ones')([2])).shape);
    `;
    const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(output).toBe('[ 2 ]\n');
  },
);

it('has Python’s names and these of its own', () => {
  const own = `
    AssertionError KeyError LinAlgError NotImplementedError TorchError ValueError
    Device Dtype Ellipsis Float GradFn Layout MemoryFormat QScheme RemovableHandle Slice
    asFloat copy data default fork_rng get_printoptions io keep memory_stats printoptions scope slice unsafe_from_typed_array
  `;
  // PyTorch's are in the table that `npm run compat` makes; private names and unique_dim come with its operators.
  const compat = readFileSync(new URL('../COMPAT.md', import.meta.url), 'utf8');
  const theirs = compat.slice(compat.indexOf('## torch\n'), compat.indexOf('## torch.Tensor\n'));
  const known = new Set([...own.trim().split(/\s+/), ...[...theirs.matchAll(/`(\w+)`/g)].map(([, name]) => name)]);
  const others = Object.keys(require('isotorch') as object).filter((name) => !known.has(name));
  expect(others.filter((name) => !name.startsWith('_'))).toEqual(['unique_dim']);
});

it('keeps internals to itself', () => {
  const internal = ['native', 'makeError', 'handleOf', 'wrap', 'registerCallback', 'setTensorClass'];
  expect(internal.filter((name) => name in torch)).toEqual([]);
});
