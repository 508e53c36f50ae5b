// Equal warnings from one place in the code are shown once, as Python's default filter does it.
import { spawnSync } from 'node:child_process';
import * as torch from 'isotorch';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const { functional } = torch.nn;
let shown: string[] = [];

beforeEach(() => {
  shown = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((text, category) => {
    shown.push(`${String(category)}: ${String(text).slice(0, 30)}`);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  torch.set_warn_always(false);
});

const [input, target] = [torch.ones(3, 1), torch.ones(3)];
const ours = () => functional.mse_loss(input, target);
/** libtorch's own: it warns at every call. */
const libtorchs = () => torch.set_float32_matmul_precision('nonsense' as never);

describe.each<[string, () => unknown, string]>([
  ['a warning of ours', ours, 'UserWarning: Using a target size'],
  ["a warning of libtorch's", libtorchs, 'TorchWarning: '],
])('%s', (_, run, begin) => {
  it('is shown once for a place', () => {
    for (let i = 0; i < 1000; i++) run();
    expect(shown).toHaveLength(1);
    expect(shown[0]?.startsWith(begin.slice(0, 30))).toBe(true);
  });

  it('is shown again every time after set_warn_always', () => {
    torch.set_warn_always(true);
    for (let i = 0; i < 3; i++) run();
    expect(shown).toHaveLength(3);
  });
});

it('anomaly mode warns once for a place, as in Python', () => {
  for (let i = 0; i < 3; i++) torch.autograd.detect_anomaly(() => undefined);
  expect(shown).toHaveLength(1);
  torch.autograd.detect_anomaly(() => undefined);
  expect(shown).toEqual(Array(2).fill('UserWarning: Anomaly Detection has been enabled'.slice(0, 43)));
});

it('no more than 1,000 wait for Node in one turn of the event loop', () => {
  const program = `
    const torch = require('isotorch');
    let waiting = 0;
    process.emitWarning = () => waiting++;
    process.on('warning', () => {});
    torch.set_warn_always(true);
    const warn = () => torch.nn.functional.mse_loss(torch.ones(3, 1), torch.ones(3));
    for (let i = 0; i < 1003; i++) warn();
    const before = waiting;
    setImmediate(() => {
      warn();
      console.log(before, waiting);
    });`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  expect(stdout).toBe('1000 1001\n');
  expect(stderr.match(/^\(node:\d+\) UserWarning: Using a target size /gm)).toHaveLength(3);
});

it('another place and another text are shown', () => {
  const direct = (x: torch.Tensor) => functional.l1_loss(x, target);
  for (const x of [torch.ones(2, 1), torch.ones(2, 1), torch.ones(4, 1)]) direct(x.expand(-1, 3));
  functional.smooth_l1_loss(input, target);
  functional.smooth_l1_loss(input, target);
  expect(shown).toHaveLength(4);
});

it('leaves the settings of Error alone', () => {
  const before = [Error.stackTraceLimit, Error.prepareStackTrace];
  Error.stackTraceLimit = 0;
  try {
    functional.huber_loss(input, target);
    expect([shown.length, Error.stackTraceLimit]).toEqual([1, 0]);
  } finally {
    [Error.stackTraceLimit, Error.prepareStackTrace] = before as [number, typeof Error.prepareStackTrace];
  }
});
