/** `isotorch repro`: a program's numbers no longer depend on the machine, and it notices nothing else. */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, scriptOf } from '../../reference/index.mjs';
import { live, skipReason } from '../support/parity';

const repro = [path.join(root, 'dist', 'cli', 'isotorch.js'), 'repro'];

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [...repro, ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });

/** Options of this process, put where `repro` has them, then what to run. */
const node = (code: string, ...options: string[]) => [...options, '--', process.execPath, '-e', code];

test('arguments, output and exit code pass through', () => {
  const code = `console.log(process.argv.slice(1).join('|')); console.error('said'); process.exit(7)`;
  const { stdout, stderr, status } = run([...node(code), '--', '--threads', 'ä b']);
  expect([stdout, stderr, status]).toEqual(['--threads|ä b\n', 'said\n', 7]);
});

test('a program ends by the signal that it was sent', async () => {
  const code = `process.on('SIGTERM', () => { console.log('told'); process.exit(5) }); setInterval(() => {}, 1000); console.log('up')`;
  const ends = [
    ['SIGTERM', 5, null],
    ['SIGINT', null, 'SIGINT'],
  ] as const;
  for (const [signal, ...end] of ends) {
    const child = spawn(process.execPath, [...repro, ...node(code)], { cwd: root });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill(signal);
    expect(await new Promise((resolve) => child.once('close', (...how) => resolve(how)))).toEqual(end);
  }
});

test('a program that dies takes its signal along', () => {
  const { status, signal } = run(node(`process.kill(process.pid, 'SIGKILL')`));
  expect([status, signal]).toEqual([null, 'SIGKILL']);
});

test('a program that is not there has a shell’s exit code', () => {
  const { status, stderr } = run(['--', 'no-such-program']);
  expect([status, stderr]).toEqual([127, 'isotorch repro: cannot start no-such-program: there is no such program\n']);
});

test.each<[string, string[], RegExp]>([
  ['nothing to run', [], /nothing to run: isotorch repro -- node script\.mjs/],
  ['no number of threads', ['--threads', '0', '--', 'true'], /whole number from 1 to 4096/],
  ['threads under strict settings', ['--strict', '--threads', '2', '--', 'true'], /cannot be used with/],
  ['printing and running', ['--print', '--', 'true'], /'--print' runs no program/],
])('%s is refused', (_, args, message) => {
  const { status, stderr } = run(args);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(message);
});

/** The envelope and the bits of a training with convolutions. */
const program = path.join(root, 'parity', 'envelope', 'program.mjs');
const bits = (stdout: string) => (JSON.parse(stdout) as { parts: Record<string, string> }).parts;
const ours = (args: string[], env: Record<string, string> = {}) => {
  const { stdout, stderr } = run([...args, '--', process.execPath, program], env);
  expect(stdout, stderr).not.toBe('');
  return bits(stdout);
};

describe('bits', { timeout: 120_000 }, () => {
  const other = { ONEDNN_MAX_CPU_ISA: 'SSE41', ATEN_CPU_CAPABILITY: 'default', MKL_CBWR: 'AVX', OMP_NUM_THREADS: '2' };

  test('do not depend on what the environment said', () => {
    expect(ours([], other)).toEqual(ours([]));
  });

  test('strict ones are made without oneDNN', () => {
    const code = `const torch = require('isotorch'); const { envelope } = require('isotorch/envelope');
      const { mkldnn, deterministic_algorithms, num_threads, mkl_cbwr } = envelope();
      console.log(JSON.stringify([mkldnn, deterministic_algorithms, num_threads, mkl_cbwr]))`;
    expect(JSON.parse(run(node(code, '--strict'), other).stdout)).toEqual([false, true, 1, 'COMPATIBLE']);
    expect(JSON.parse(run(node(code, '--threads', '3'), other).stdout)).toEqual([true, false, 3, 'COMPATIBLE']);
  });

  test.skipIf(!live)(`Python has the same under the printed settings${skipReason}`, () => {
    for (const options of [[], ['--strict']]) {
      const { stdout } = run(['--print', ...options]);
      const preamble = [...stdout.matchAll(/^# {3}(.*)$/gm)].map((match) => match[1]).join('\n');
      const { command, args } = scriptOf('parity/envelope/python/program.py');
      const code = `${preamble}\nimport runpy; runpy.run_path(${JSON.stringify(args.at(-1))})`;
      const theirs = spawnSync(command, ['-c', code], { encoding: 'utf8', env: { ...process.env, ...other } });
      expect(theirs.stdout, theirs.stderr).not.toBe('');
      expect(bits(theirs.stdout)).toEqual(ours(options));
    }
  });

  test('a shell takes the printed settings', () => {
    const { stdout } = run(['--print', '--threads', '2']);
    const told = spawnSync('sh', ['-c', `${stdout}\necho $MKL_CBWR $OMP_NUM_THREADS`], { encoding: 'utf8' });
    expect(told.stdout).toBe('COMPATIBLE 2\n');
  });
});
