/** Command lines of trainings that are refused, and the dry run: nothing is made. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warmCommand } from '../support/warm';
import { expectRefused, TINY_RECIPE } from './tiny_command';

const timeout = 60_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-refused-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = warmCommand(() => folder, [TINY_RECIPE]);

describe('a command line is refused before anything is made', () => {
  const cases: [args: string[], message: RegExp][] = [
    [['train'], /which recipe\? isotorch recipes shows them/],
    [['train', 'tinny', '--lr', '1'], /^isotorch: there is no recipe tinny\. Did you mean tiny\?/],
    [['train', 'tiny', '--batchsize', '3'], /unknown option '--batchsize'\n\(Did you mean --batch-size\?\)/],
    [['train', 'tiny', '--lr', '0'], /'--lr <value>' argument '0' is invalid\. It takes a number above 0\./],
    [['train', 'tiny', '--fast', '--exact'], /'--exact' cannot be used with option '--fast/],
    [
      ['train', 'tiny', '--kind', 'bare', '--poison', '3'],
      /^isotorch: option poison has no effect with kind=bare: it is for kind=all\. Leave it out, or change kind\.\n$/,
    ],
    [['train', 'tiny', '--batch-size', '25'], /^isotorch: option batch_size: 25 is more than the 24 points\n$/],
    [['train', 'tiny', '--device', 'quantum'], /option device takes auto, cpu, cuda or cuda:N, but is quantum/],
    [['train', 'tiny', '--device', 'cuda:900'], /option device: cuda:900 cannot be used here: \d+ GPUs were found/],
    [['train', 'tiny', '--out', '/dev/null/x'], /option '--out': cannot make a run folder in \/dev\/null\/x/],
    [['train', 'tiny', '--out', '/proc/x'], /cannot make a run folder in \/proc\/x: .*\nChoose a folder that can be/],
    [['resume', 'nothing'], /^isotorch: nothing is not a run folder: it has no options\.json\.\n$/],
    [['replay', 'nothing', '--step', 'x'], /'--step <n>' argument 'x' is invalid/],
  ];
  it.each(cases)(
    '%j',
    async (args, message) => {
      expectRefused(await run(args), 2, message);
      expect(existsSync(path.join(folder, 'runs'))).toBe(false);
    },
    timeout,
  );
});

it(
  '--dry-run shows options, networks, phases and memory, and makes nothing',
  async () => {
    const { code, stdout, stderr } = await run(['train', 'tiny', '--dry-run', '--out', 'dry', '--lr', '0.1']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}lr +0\.1$/m);
    expect(stdout).toMatch(/^ {2}G +380 parameters/m);
    expect(stdout).toMatch(/^ {2}D +every step +tells points from fakes$/m);
    expect(stdout).toMatch(/^Steps: 20, 6 in a pass over the data\nMemory: .* MiB of weights/m);
    expect(existsSync(path.join(folder, 'dry'))).toBe(false);
  },
  timeout,
);
