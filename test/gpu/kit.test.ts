/**
 * The GPU kit, on the CPU: made of this clone, run as on the day. What it says of a GPU, only a GPU can show; that it runs, goes on
 * after a crash and where it was cut short, is shown here.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';
import { live, reference, skipReason } from '../support/parity';

interface Part {
  count: [number, number];
  complete?: boolean;
  rows: { name: string; reason: string; text: string }[];
  notRun: string[];
}

interface KitReport {
  parts: Record<'parity' | 'op_db' | 'features' | 'bench' | 'memory', Part>;
  problems: string[];
}

describe.skipIf(!live)(`the GPU kit on the CPU${skipReason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'gpu kit '));
  const kit = join(folder, 'kit');
  const out = join(folder, 'out');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeAll(() => {
    const made = spawnSync(process.execPath, [join(root, 'gpu', 'kit.mjs'), '--node', 'none', '--out', kit], {
      encoding: 'utf8',
    });
    expect(made.status, made.stdout + made.stderr).toBe(0);
  });

  const start = (...args: string[]) => {
    const python = 'python' in reference ? reference.python : 'python3';
    const env = { ...process.env, ISOTORCH_PYTHON: python, ISOTORCH_NODE: process.execPath };
    return spawnSync('bash', [join(kit, 'run.sh'), ...args], { encoding: 'utf8', env });
  };
  const run = (...args: string[]) => {
    const { stdout, stderr, status } = start('--device', 'cpu', '--small', '--out', out, ...args);
    expect(status, stdout + stderr).toBe(0);
    return stdout.trimEnd().split('\n').at(-1);
  };
  const report = () => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as KitReport;

  it('runs every part, and ends with the line that counts', { timeout: 300_000 }, () => {
    const line = run('--budget', '280');
    const { parts, problems } = report();
    const said = Object.entries(parts).map(([name, part]) => `${name} ${part.count.join('/')} ${part.complete}`);
    expect(said, JSON.stringify(parts, null, 1)).toEqual([
      'parity 20/20 true',
      expect.stringMatching(/^op_db (\d+)\/\1 true$/),
      'features 6/6 true',
      'bench 3/3 true',
      'memory 2/2 true',
    ]);
    expect(parts.op_db.count[1]).toBeGreaterThan(20);
    expect(problems).toEqual([]);
    expect(line).toBe(
      `gpu: parity 20/20, op_db ${parts.op_db.count.join('/')}, features 6/6, bench 3/3 reached (on the CPU: no GPU; bench counts what ran)`,
    );
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('| tiny_gan, 500 steps | flat |');
  });

  it.skipIf(torch.cuda.is_available())('runs nothing on cuda where there is no GPU, and says so', () => {
    const { stdout, status } = start('--device', 'cuda', '--out', join(folder, 'cuda'));
    expect([status, stdout]).toEqual([1, expect.stringContaining('Python sees no GPU, so that nothing was run')]);
  });

  it('refuses what it does not know', () => {
    const { stderr, status } = start('parities', '--out', join(folder, 'none'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('no part is called parities; there are parity, ')]);
  });

  describe('with a suite that crashes', () => {
    const log = join(folder, 'log');
    const suite = `
      import { appendFileSync } from 'node:fs';
      import { describe, expect, it } from '../../gpu/vitest/index.mjs';
      const ran = (name) => appendFileSync(${JSON.stringify(log)}, name + '\\n');
      describe('three', () => {
        it('passes', () => { ran('passes'); expect([1]).toEqual([1]); });
        it('crashes', () => { ran('crashes'); process.kill(process.pid, 'SIGSEGV'); });
        it('fails', () => { ran('fails'); expect(1).toBe(2); });
        it('passes, too', async () => { ran('passes, too'); await expect(Promise.reject(new Error('x'))).rejects.toThrow('x'); });
      });`;
    const ran = () => readFileSync(log, 'utf8').trim().split('\n');
    beforeAll(() => {
      writeFileSync(join(kit, 'test', 'parity', 'crash.test.mjs'), suite);
      const suites = "export const PARITY = ['test/parity/crash.test.ts'];\nexport const FEATURES = [];\n";
      writeFileSync(join(kit, 'gpu', 'suites.mjs'), suites);
    });

    it('notes the crash, and goes on behind it', () => {
      expect(run('parity', 'features')).toMatch(/^gpu: parity 2\/4, /);
      const { parity, op_db } = report().parts;
      expect(parity.rows.map(({ name, reason }) => [name.split(' › ').at(-1), reason])).toEqual([
        ['crashes', 'crash'],
        ['fails', 'differs'],
      ]);
      expect(parity.rows[0]!.text).toMatch(/^died of SIGSEGV/);
      expect(ran()).toEqual(['passes', 'crashes', 'fails', 'passes, too']);
      // What the other parts found before stays.
      expect(op_db.complete).toBe(true);
    });

    it('goes on where a run was cut short, half a line included', () => {
      const found = (kind: string, rest: object) =>
        appendFileSync(join(out, 'findings.jsonl'), `\n${JSON.stringify({ part: 'parity', kind, time: '', ...rest })}`);
      found('start', { resumes: false, device: 'cpu' });
      const file = 'test/parity/crash.test.ts';
      found('test', { file, name: 'three › passes', state: 'passed' });
      found('test', { file, name: 'three › crashes', state: 'crashed', text: 'died of SIGSEGV' });
      appendFileSync(join(out, 'findings.jsonl'), '\n{"part":"parity","kind":"te');
      rmSync(log);
      expect(run('parity')).toMatch(/^gpu: parity 2\/4, /);
      expect(ran()).toEqual(['fails', 'passes, too']);
      expect(report().parts.parity.complete).toBe(true);
    });

    it('says what it had no time for', () => {
      run('parity', '--again', '--budget', '0.001');
      const { parity } = report().parts;
      expect([parity.count, parity.complete, parity.notRun]).toEqual([[0, 0], false, ['test/parity/crash.test.ts']]);
    });
  });
});
