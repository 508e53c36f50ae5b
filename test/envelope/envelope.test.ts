/** The envelope is the one that Python states, whatever changes it. */
import { spawnSync } from 'node:child_process';
import { portableEnvironment } from 'isotorch/envelope';
import { describe, expect, test } from 'vitest';
import { root, scriptOf } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

type Variables = Record<string, string>;

/** What a program prints as JSON, in an environment with other variables; an empty text takes one away. */
function printed(command: string, args: readonly string[], variables: Variables): unknown {
  const env = { ...process.env, ...variables };
  const { stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8' });
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout);
}

const ours = (variables: Variables, before = '') =>
  printed(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import torch from 'isotorch'; import { envelope } from 'isotorch/envelope'; ${before};
      console.log(JSON.stringify(envelope()))`,
    ],
    variables,
  ) as Record<string, unknown>;

function theirs(variables: Variables): unknown {
  const { command, args } = scriptOf('reference/python/envelope.py');
  return printed(command, args, variables);
}

describe.skipIf(!live)(`as Python states it${skipReason}`, { timeout: 120_000 }, () => {
  test.each<[string, Variables]>([
    ['as it comes', { ATEN_CPU_CAPABILITY: '', ONEDNN_MAX_CPU_ISA: '', MKL_CBWR: '' }],
    ['under portable settings', portableEnvironment({ threads: 3, strict: false })],
    ['with older processors', { ATEN_CPU_CAPABILITY: 'default', DNNL_MAX_CPU_ISA: 'avx', OMP_NUM_THREADS: '1' }],
  ])('%s', (_, variables) => {
    expect(ours(variables)).toEqual(theirs(variables));
  });
});

test('portable settings set more threads than there are cores, too', () => {
  const { num_threads, cpu_capability, onednn_isa } = ours(portableEnvironment({ threads: 3, strict: false }));
  expect([num_threads, cpu_capability, onednn_isa]).toEqual([3, 'AVX2', 'AVX2']);
});

test('switches of the program are in it', () => {
  const before = ours({ ONEDNN_MAX_CPU_ISA: '' });
  const after = ours(
    { ONEDNN_MAX_CPU_ISA: 'SSE41' },
    `torch.set_num_threads(3);
    torch.backends.mkldnn.enabled = false;
    torch.use_deterministic_algorithms(true, { warn_only: true });
    torch.set_flush_denormal(true);
    torch.set_default_dtype(torch.float16);
    torch.set_default_device('meta');
    torch.set_float32_matmul_precision('high');
    torch.backends.cudnn.benchmark = true`,
  );
  const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
  expect(Object.fromEntries(changed.map((name) => [name, after[name]]))).toEqual({
    onednn_isa: 'SSE41',
    onednn_max_cpu_isa: 'SSE41',
    num_threads: 3,
    mkldnn: false,
    deterministic_algorithms: true,
    deterministic_warn_only: true,
    flush_denormal: true,
    float32_matmul_precision: 'high',
    cuda_matmul_allow_tf32: true,
    cudnn_benchmark: true,
  });
});
