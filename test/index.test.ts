import { execFileSync } from 'node:child_process';
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
      const { default_generator } = require('./dist/random/index.js');
      console.log(default_generator.get_state().shape);
    `;
    const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(output).toBe('[ 5056 ]\n');
  },
);

it('keeps internals to itself', () => {
  const internal = ['native', 'makeError', 'handleOf', 'wrap', 'registerCallback', 'setTensorClass'];
  expect(internal.filter((name) => name in torch)).toEqual([]);
});
