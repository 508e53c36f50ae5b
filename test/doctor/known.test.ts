// What the self-test of `isotorch doctor` knows is what Python computes, and it holds under other kernels, too.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { known } from '../../dist/doctor/known.js';
import { root } from '../../reference/index.mjs';
import { ask, live, skipReason } from '../support/parity';

const PYTHON = `
import json
def count(*shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)
def generator():
    return torch.Generator().manual_seed(7)
x = count(5) + 1
weight = (count(1, 1, 2, 2) - 1).requires_grad_()
y = torch.nn.functional.conv2d(count(1, 1, 4, 4), weight, None, 2).relu()
y.square().sum().backward()
w = torch.nn.Parameter(count(4))
optimizer = torch.optim.SGD([w], lr=0.25, momentum=0.5)
for _ in range(3):
    optimizer.zero_grad()
    (w - 2).square().sum().backward()
    optimizer.step()
found = {
    'random whole numbers': torch.randint(0, 1_000_000, [4], generator=generator()),
    'random fractions': torch.rand(4, generator=generator()),
    'arithmetic': (x.reciprocal() * 3 - x.sqrt()) / (x + 6),
    'matrix product': count(3, 4) @ (count(4, 2) - 3),
    'convolution and its gradient': torch.cat([y.detach().flatten(), weight.grad.flatten()]),
    'training step': w.detach(),
}
return json.dumps([[name, value.numpy().tobytes().hex()] for name, value in found.items()])
`;

describe.skipIf(!live)(`the known bytes${skipReason}`, () => {
  it('are those of Python', async () => {
    const { out, error } = await ask({ code: PYTHON });
    expect(error).toBeUndefined();
    expect(JSON.parse((out as { value: string }).value)).toEqual(known.map(({ name, bytes }) => [name, bytes]));
  });
});

describe('the self-test', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['as the processor likes it', {}],
    [
      'with the kernels that need nothing of a processor',
      { ATEN_CPU_CAPABILITY: 'default', ONEDNN_MAX_CPU_ISA: 'SSE41' },
    ],
    ['with several threads', { OMP_NUM_THREADS: '4' }],
  ])('is right %s', (_, env) => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/doctor/self_test.js')], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(stderr).toBe('');
    const { results } = JSON.parse(stdout) as { results: { name: string; ok: boolean; device: string }[] };
    expect(results.filter(({ device }) => device === 'cpu')).toEqual(
      known.map(({ name }) => ({ name, device: 'cpu', ok: true })),
    );
  });
});
