// An allocator without memory: what only the collector holds is freed, and the operator tried again.
import { spawnSync } from 'node:child_process';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { native } from '../../dist/torch/inside.js';

/** Runs a program whose process may have so many kilobytes of data. */
function within(kilobytes: number, program: string): string {
  const script = `ulimit -d ${kilobytes}; exec "$0" --input-type=module -e "$1"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

const start = `
  import * as torch from 'isotorch';
  torch.set_num_threads(1);
  const megabytes = (count) => torch.empty([count * 2 ** 20], { dtype: torch.uint8 });
`;

describe.skipIf(process.platform !== 'linux')('out of memory', () => {
  it('is an error where all is in use, none where garbage holds it, and the process goes on', () => {
    const out = within(
      2_500_000,
      `${start}
      const held = Array.from({ length: 15 }, () => megabytes(100));
      try { megabytes(1500); } catch (error) { console.log(error.constructor.name, /can't allocate memory/.test(error.message)); }
      console.log(held.length, torch.ones([3]).sum().item());
      held.splice(0);
      console.log(megabytes(1500).shape[0] / 2 ** 20);`,
    );
    expect(out).toBe('OutOfMemoryError true\n15 3\n1500\n');
  });
});

describe('collect', () => {
  it('frees what only the collector holds, at once', () => {
    const make = () => {
      for (let i = 0; i < 10; i++) torch.ones([1000]);
    };
    native.collect();
    const before = native.memory_stats()[0];
    make();
    expect(native.memory_stats()[0]).toBe(before + 10);
    expect(native.collect()).toBe(true);
    expect(native.memory_stats()[0]).toBe(before);
    expect(native.collect()).toBe(false);
  });
});
