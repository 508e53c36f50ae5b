/** Vitest's pools: each file's environment has an addon of its own, in one process or several. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../reference/index.mjs';
import { add, folder } from '../scripts/fakes';
import { run } from './run';

/** A test file of a user: tensors, gradients, a hook, and tensors that stay alive at the end. */
const FILE = `
import * as torch from ${JSON.stringify(path.join(root, 'dist', 'index.mjs'))};
import { expect, test } from 'vitest';
const kept = torch.randn([100, 100], { requires_grad: true });
test('computes', () => {
  let calls = 0;
  kept.register_hook(() => { calls++; });
  kept.matmul(kept).sum().backward();
  expect([calls, kept.grad instanceof torch.Tensor, torch.arange(3).add(1).tolist()]).toEqual([1, true, [1, 2, 3]]);
});
test('fails', () => expect(torch.ones([2]).sum().item()).toBe(3));
`;

test.each(['forks', 'threads', 'threads --no-isolate', 'vmThreads'])(
  '--pool %s',
  { timeout: 120_000 },
  async (pool) => {
    const project = folder();
    add(project, { 'a.test.mjs': FILE, 'b.test.mjs': FILE, 'c.test.mjs': FILE });
    writeFileSync(path.join(project, 'vitest.config.mjs'), 'export default {}');
    const cli = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [
      cli,
      'run',
      '--root',
      project,
      '--reporter',
      'json',
      '--maxWorkers',
      '2',
      '--pool',
      ...pool.split(' '),
    ];
    const { code, signal, stdout, stderr } = await run(process.execPath, args, {
      env: { VITEST: undefined, CI: undefined },
    });
    const { numPassedTests, numFailedTests } = JSON.parse(stdout) as Record<string, number>;
    expect([numPassedTests, numFailedTests, code, signal], stderr).toEqual([3, 3, 1, null]);
    expect(stderr).not.toMatch(/crashed|Unhandled|terminated|SIG[A-Z]{3,}/);
  },
);
