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

it('keeps internals to itself', () => {
  const internal = ['native', 'makeError', 'handleOf', 'wrap', 'registerCallback', 'setTensorClass'];
  expect(internal.filter((name) => name in torch)).toEqual([]);
});
