// The demo as a process: exit codes, the run folder, Ctrl-C and --resume.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { DigitClassifier } from 'isotorch/metrics';
import { readMetrics, snapshotSteps } from 'isotorch/train';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(folder, { recursive: true }));

const timeout = 240_000;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the demo; `until` hears each piece of its output. */
function demo(
  args: string[],
  until?: (output: string, child: ChildProcess) => void,
  limit = 'unlimited',
): Promise<Ended> {
  const command = [process.execPath, join(root, 'dist/cli/demo.js'), ...args];
  // `limit` is the largest file that the process may write, in units of 1,024 bytes.
  const shell = ['-c', `ulimit -f ${limit}; exec "$@"`, 'bash', ...command];
  const child = spawn('bash', shell, { cwd: folder });
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
    [
      'a place where folders cannot be made',
      ['--out', '/proc/x', '--steps', '1'],
      /option '--out': cannot make a run folder in \/proc\/x: ENOENT.*\nChoose a folder that can be written/,
    ],
    [
      'more threads than there can be',
      ['--threads', '100000'],
      /option '--threads <n>' argument '100000' is invalid. It takes a whole number from 1 to 1024/,
    ],
    ['a device without data', ['--device', 'meta'], /option device takes auto, cpu, cuda or cuda:N, but is meta/],
    ['a device that does not exist', ['--device', 'quantum'], /option device .*quantum/],
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

  it(
    'options of a run that the command line would refuse end with 2, too',
    async () => {
      const run = prepared('broken', { steps: -5 });
      const { code, stderr } = await demo(['--resume', run]);
      expect(stderr).toMatch(/has no usable "steps"/);
      expect(code).toBe(2);
    },
    timeout,
  );
});

describe('what stops a run ends with 1 and sentences: the file, the cause, what is safe, how to go on', () => {
  const goOn = (run: string) => `To go on once the cause is mended: npm run demo -- --resume ${run}`;
  const expectSentences = ({ code, stderr }: Ended, ...sentences: (string | RegExp)[]) => {
    for (const sentence of sentences) expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  };

  it(
    'a limit on the size of files; without it the run goes on',
    async () => {
      const run = prepared('limited', { steps: 1 });
      const ended = await demo(['--resume', run], undefined, '300');
      expectSentences(ended, /cannot write .*\.pt: EFBIG.*ulimit -f/, 'No snapshot has been written yet.', goOn(run));
      expect((await demo(['--resume', run])).code).toBe(0);
    },
    timeout,
  );

  it(
    'a run folder that is removed',
    async () => {
      const run = prepared('removed', {});
      const ended = await demo(['--resume', run], (output) => {
        if (output.includes('split 50/')) rmSync(run, { recursive: true, force: true });
      });
      expectSentences(ended, /cannot write .*removed.*ENOENT/, `The run folder ${run} is gone, and the run with it`);
    },
    timeout,
  );

  it(
    'a damaged checkpoint, classifier or metrics file, a link that leads out of the folder, a second process',
    async () => {
      const run = prepared('damaged', { steps: 1 });
      expect((await demo(['--resume', run])).code).toBe(0);
      const file = (...names: string[]) => join(run, ...names);
      const broken = async (path: string, ...sentences: (string | RegExp)[]) => {
        const good = readFileSync(path);
        writeFileSync(path, good.subarray(0, 100));
        expectSentences(await demo(['--resume', run]), ...sentences);
        writeFileSync(path, good);
      };
      await broken(file('classifier.safetensors'), /classifier.safetensors is not a usable classifier: .* Delete it/);
      await broken(file('split', 'metrics.jsonl'), /metrics of mode split are not those of a finished run/);
      rmSync(file('split', 'snapshots', '000000.pt'));
      await broken(file('split', 'snapshots', '000001.pt'), /000001.pt is damaged: .*start a new run/, goOn(run));
      symlinkSync('../..', file('split', 'out'));
      expectSentences(await demo(['--resume', run]), /a link to ..\/.., outside of the run folder/);
      rmSync(file('split', 'out'));
      writeFileSync(file('lock.json'), JSON.stringify({ pid: process.pid, host: hostname(), began: '' }));
      expectSentences(await demo(['--resume', run]), `is in use by process ${process.pid}`);
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
      expect(readdirSync(join(run, mode)).sort()).toEqual(['metrics.jsonl', 'options.json', 'samples', 'snapshots']);
      expect(readdirSync(join(run, mode, 'samples'))).toEqual(['000000.png', '000003.png']);
      expect(readMetrics(join(run, mode, 'metrics.jsonl')).map(({ step }) => step)).toEqual([3]);
    }
    const [split, joint] = ['split', 'joint'].map((mode) => readFileSync(join(run, mode, 'samples', '000000.png')));
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
      versions: {
        isotorch: expect.stringMatching(/^\d+\.\d+/),
        libtorch: expect.stringMatching(/^\d+\.\d+/),
        node: process.versions.node,
      },
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
      const position = () => snapshotSteps(join(run, 'split')).at(-1)!;
      const reached = position();
      expect(reached).toBeGreaterThanOrEqual(50);

      const second = await demo(['--resume', run], stop);
      expect(second.code).toBe(130);
      const next = Number(firstTick.exec(second.stdout)![1]);
      expect(next).toBe(50 * (Math.floor(reached / 50) + 1));
      expect(position()).toBeGreaterThanOrEqual(next);
      const steps = readMetrics(join(run, 'split', 'metrics.jsonl')).map(({ step }) => step);
      expect(steps).toEqual(steps.map((_, index) => 50 * (index + 1)));
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
