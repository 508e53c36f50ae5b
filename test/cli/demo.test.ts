// The demo as a process: exit codes, the run folder, Ctrl-C and --resume.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { DigitClassifier, readMetrics } from 'isotorch/train';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../support/python';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(folder, { recursive: true }));

const timeout = 240_000;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the demo; `until` hears each piece of its output. */
function demo(args: string[], until?: (output: string, child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/demo.js'), ...args], { cwd: folder });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
    until?.(stdout, child);
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const options = {
  mode: 'split',
  steps: 100_000,
  batch_size: 16,
  seed: 0,
  threads: 1,
  device: 'cpu',
  versions: { node: process.versions.node },
};

/** A run folder that has its classifier already, an untrained one, so that tests need not wait for it. */
function prepared(name: string, changes: Partial<typeof options>): string {
  const run = join(folder, name);
  mkdirSync(run);
  writeFileSync(join(run, 'options.json'), JSON.stringify({ ...options, ...changes }));
  torch.io.save_file(new DigitClassifier().state_dict(), join(run, 'classifier.safetensors'));
  return run;
}

describe('a mistake', () => {
  const cases: [what: string, args: string[], message: RegExp][] = [
    ['an unknown option', ['--colour'], /^isotorch demo: unknown option '--colour'\nSee --help for all options.\n$/],
    [
      'a folder that is not a run',
      ['--resume', '.'],
      /^isotorch demo: option '--resume': \. is not a run folder, it has no options.json\n$/,
    ],
    [
      'a place that cannot be written',
      ['--out', '/dev/null/x', '--steps', '1'],
      /option '--out': cannot make a run folder in \/dev\/null\/x/,
    ],
    ['a device that does not exist', ['--device', 'quantum'], /option '--device': .*quantum/s],
  ];
  it.each(cases)(
    '%s ends with 2 and one message',
    async (_what, args, message) => {
      const { code, stdout, stderr } = await demo(args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stdout).toBe('');
      expect(code).toBe(2);
    },
    timeout,
  );

  it.each([
    ['{', /is not valid JSON/],
    ['{}', /has no usable "mode"/],
    ['null', /has no usable "mode"/],
  ])(
    'options.json holding %s',
    async (text, message) => {
      const run = prepared(`broken-${text.length}`, {});
      writeFileSync(join(run, 'options.json'), text);
      const { code, stderr } = await demo(['--resume', run]);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    },
    timeout,
  );
});

it(
  '--help ends with 0',
  async () => {
    const { code, stdout, stderr } = await demo(['--help']);
    expect(stdout).toMatch(/^Usage: isotorch demo/);
    expect([code, stderr]).toEqual([0, '']);
  },
  timeout,
);

it(
  'a run leaves options, metrics, pictures, weights and a summary',
  async () => {
    const run = prepared('whole', { mode: 'both', steps: 3 });
    const { code, stdout } = await demo(['--resume', run]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/right on \d+\.\d\d % of the 10,000 test digits/);
    expect(stdout).toMatch(/neither mode has learned|claim shows|claim does not show/);
    expect(readdirSync(run).sort()).toEqual([
      'classifier.safetensors',
      'joint',
      'losses.png',
      'options.json',
      'real-digits.png',
      'split',
      'summary.json',
    ]);
    for (const mode of ['split', 'joint']) {
      expect(readdirSync(join(run, mode)).sort()).toEqual([
        'checkpoint.safetensors',
        'discriminator.safetensors',
        'generator.safetensors',
        'metrics.jsonl',
        'samples-000000.png',
        'samples-000003.png',
      ]);
      expect(readMetrics(join(run, mode, 'metrics.jsonl')).map(({ step }) => step)).toEqual([0, 3]);
    }
    const [split, joint] = ['split', 'joint'].map((mode) => readFileSync(join(run, mode, 'samples-000000.png')));
    // The same seed: the networks begin alike.
    expect(split!.equals(joint!)).toBe(true);
    const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
    expect(summary.results.map(({ mode, steps }: { mode: string; steps: number }) => [mode, steps])).toEqual([
      ['split', 3],
      ['joint', 3],
    ]);
  },
  timeout,
);

it(
  'options.json says what a new run was started with',
  async () => {
    // Stopped while the classifier trains: the folder is there already.
    const args = [
      '--epochs',
      '2',
      '--batch-size',
      '600',
      '--seed',
      '7',
      '--threads',
      '1',
      '--mode',
      'joint',
      '--out',
      'new',
    ];
    const { code, stdout } = await demo(args, (output, child) => {
      if (output.includes('Run folder') && !child.killed) child.kill('SIGTERM');
    });
    expect(code).toBe(130);
    expect(stdout).toContain(`npm run demo -- --resume ${join('new', '00000-joint')}`);
    const written = JSON.parse(readFileSync(join(folder, 'new', '00000-joint', 'options.json'), 'utf8'));
    expect(written).toEqual({
      mode: 'joint',
      steps: 200,
      batch_size: 600,
      seed: 7,
      threads: 1,
      device: 'cpu',
      versions: { libtorch: expect.stringMatching(/^\d+\.\d+/), node: process.versions.node },
    });
  },
  timeout,
);

describe('Ctrl-C', () => {
  it(
    'finishes the step, saves, says how to resume, and ends with 130; --resume goes on from there',
    async () => {
      const run = prepared('stopped', {});
      const firstTick = /split (\d+)\/100000/;
      const stop = (output: string, child: ChildProcess) => {
        if (firstTick.test(output) && !child.killed) child.kill('SIGINT');
      };
      const first = await demo(['--resume', run], stop);
      expect(first.code).toBe(130);
      expect(first.stderr).toMatch(/Stopping after this step; Ctrl-C again quits at once/);
      expect(first.stdout).toContain(`Stopped and saved. To go on: npm run demo -- --resume ${run}`);
      expect(existsSync(join(run, 'split', 'checkpoint.safetensors'))).toBe(true);
      const position = () =>
        JSON.parse(torch.io.load_metadata(join(run, 'split', 'checkpoint.safetensors')).checkpoint!).position
          .step as number;
      const reached = position();
      expect(reached).toBeGreaterThanOrEqual(50);

      const second = await demo(['--resume', run], stop);
      expect(second.code).toBe(130);
      const next = Number(firstTick.exec(second.stdout)![1]);
      expect(next).toBe(50 * (Math.floor(reached / 50) + 1));
      expect(position()).toBeGreaterThanOrEqual(next);
      const steps = readMetrics(join(run, 'split', 'metrics.jsonl')).map(({ step }) => step);
      expect(steps).toEqual(steps.map((_, index) => 50 * index));
    },
    timeout,
  );

  it(
    'twice quits at once',
    async () => {
      const run = prepared('twice', { steps: 100_000 });
      const { code, stdout } = await demo(['--resume', run], (output, child) => {
        if (!output.includes('10,000 test digits') || child.killed) return;
        child.kill('SIGINT');
        child.kill('SIGTERM');
      });
      expect(code).toBe(130);
      expect(stdout).not.toMatch(/Stopped and saved/);
    },
    timeout,
  );
});
