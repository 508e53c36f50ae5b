// Memory of tensors: blocks that nobody else writes to, and that go back to the system when recent work did not need them.
import { expect, it } from 'vitest';
import { resultOf, runProgram } from '../support/program';

it('gives each tensor memory of its own, on three threads, and returns what lies idle', {
  timeout: 120_000,
}, async () => {
  const result = resultOf<{ spoilt: number[]; before: number; after: number }>(await runProgram('blocks.mjs'));
  expect(result.spoilt).toEqual([0, 0, 0]);
  // 24 blocks of 24 MiB were held.
  expect(result.before - result.after).toBeGreaterThan(480);
});

it('stays loaded when the worker that loaded it ends, as libtorch does', async () => {
  const { code, signal, stdout } = await runProgram('unload.cjs');
  expect({ code, signal, stdout }).toEqual({
    code: 0,
    signal: null,
    stdout: 'isotorch 90000\nother refused\nisotorch 90000\n',
  });
});
