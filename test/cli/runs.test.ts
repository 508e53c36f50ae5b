/** Trainings over the command: exit codes, interruptions, full disks, two processes, damaged folders. */
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'isotorch';
import { saveTraining, snapshotFile, snapshotSteps } from 'isotorch/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended } from '../support/command';
import { warmCommand } from '../support/warm';
import { expectRefused, type Started, TINY_RECIPE, tinyCommand } from './tiny_command';

const timeout = 60_000;

let folder: string;
/** A run of 20 steps with snapshots of every fifth. */
let whole: string;
const warm = warmCommand(() => folder, [TINY_RECIPE]);
/** In a process of its own where that is what is looked at. */
const run = (args: readonly string[], started?: Started): Promise<Ended> =>
  started === undefined ? warm(args) : tinyCommand(folder, args, started);
const inFolder = (...names: string[]): string => path.join(folder, ...names);
const bytes = (of: string, step: number): Buffer => readFileSync(snapshotFile(of, step));

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-runs-'));
  const ended = await run([
    'train',
    'tiny',
    '--out',
    'whole',
    '--snapshot-every',
    '5',
    '--log-every',
    '5',
    '--keep',
    '9',
  ]);
  expect(ended.stderr).toBe('');
  expect(ended.code).toBe(0);
  whole = inFolder('whole', '00000-tiny');
}, timeout);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the whole run without what came after a step. */
function runUntil(name: string, step: number): string {
  const copy = inFolder(name);
  cpSync(whole, copy, { recursive: true });
  for (const later of snapshotSteps(copy).filter((each) => each > step)) rmSync(snapshotFile(copy, later));
  return copy;
}

it('a run leaves options, metrics, samples, snapshots, a map and a report, and lines where there is no terminal', () => {
  expect(readdirSync(whole).sort()).toEqual(
    ['latent_map.json', 'metrics.jsonl', 'options.json', 'report.html', 'samples', 'snapshots'].sort(),
  );
  expect(readFileSync(path.join(whole, 'report.html'), 'utf8')).toContain('Done: 20 steps.');
});

/** Sends a signal when the first line of progress is there, and a second one where asked to. */
const interrupting = (second?: NodeJS.Signals) => (output: string, child: ChildProcess) => {
  if (!/tiny \d+\/20/.test(output) || child.killed) return;
  child.kill('SIGINT');
  if (second !== undefined) setTimeout(() => child.kill(second), 100);
};

// Each waits for a process of its own most of the time.
describe.concurrent('Ctrl-C', () => {
  it(
    'ends the step, saves, reports, and ends with 130; the run that goes on ends with the bytes of one without it',
    async () => {
      const args = ['train', 'tiny', '--out', 'stopped', '--slow', '50', '--log-every', '1'];
      const { code, stdout, stderr } = await run(args, { until: interrupting() });
      const stopped = inFolder('stopped', '00000-tiny');
      expect(code).toBe(130);
      expect(stderr).toContain('Stopping after this step; Ctrl-C again quits at once, without saving.');
      expect(stdout).toMatch(
        /tiny 1\/20 {2}[\d.]+ steps\/s {2}[\d.]+ images\/s {2}\d+s left {2}loss_D [\d.]+ {2}loss_G [\d.]+\n/,
      );
      const [, step] = /Stopped at step (\d+), and saved\. To go on: npx isotorch resume stopped\/00000-tiny\n/.exec(
        stdout,
      )!;
      expect(Number(step)).toBeLessThan(20);
      expect(snapshotSteps(stopped)).toEqual([0, Number(step)]);
      expect(readFileSync(path.join(stopped, 'report.html'), 'utf8')).toContain(`Interrupted at step ${step}.`);
      expect((await run(['resume', stopped])).code).toBe(0);
      expect(bytes(stopped, 20).equals(bytes(whole, 20))).toBe(true);
    },
    timeout,
  );

  it(
    'twice quits at once, with the last snapshot whole',
    async () => {
      const args = ['train', 'tiny', '--out', 'twice', '--slow', '1500', '--log-every', '1'];
      const { code, stdout } = await run(args, { until: interrupting('SIGINT') });
      expect(code).toBe(130);
      expect(stdout).not.toContain('Stopped at step');
      expect(snapshotSteps(inFolder('twice', '00000-tiny'))).toEqual([0]);
    },
    timeout,
  );

  it(
    'is what a reader that goes away means: isotorch train … | head',
    async () => {
      const args = ['train', 'tiny', '--out', 'piped', '--slow', '50', '--log-every', '1'];
      const { code } = await run(args, { until: (_, child) => child.stdout!.destroy() });
      const [first, last] = snapshotSteps(inFolder('piped', '00000-tiny'));
      expect(code).toBe(130);
      expect(first).toBe(0);
      expect(last).toBeLessThan(20);
    },
    timeout,
  );
});

describe('what stops a run ends with 1, and says what is safe', () => {
  it(
    'a limit on files, as a full disk; without it the run goes on to the same bytes',
    async () => {
      const limited = runUntil('limited', 0);
      // The first snapshot, without the states of optimizers, is smaller than the others.
      const size = Math.ceil(bytes(limited, 0).length / 1024) + 1;
      expect(bytes(whole, 5).length).toBeGreaterThan(size * 1024);
      const ended = await run(['resume', limited], { limit: String(size) });
      expectRefused(ended, 1, /cannot write .*000005\.pt.*The snapshot of step 0 is whole\./s);
      expect(readdirSync(path.join(limited, 'snapshots'))).toEqual(['000000.pt']);
      expect((await run(['resume', limited])).code).toBe(0);
      expect(bytes(limited, 20).equals(bytes(whole, 20))).toBe(true);
    },
    timeout,
  );

  it(
    'a number that is none, with phase and step',
    async () => {
      const ended = await run(['train', 'tiny', '--out', 'poisoned', '--poison', '7', '--snapshot-every', '5']);
      expectRefused(ended, 1, /^isotorch: step 7, phase D: loss_D is NaN\..*The snapshot of step 5 is whole\.\n$/);
      const report = readFileSync(inFolder('poisoned', '00000-tiny', 'report.html'), 'utf8');
      expect(report).toContain('It stopped: step 7, phase D: loss_D is NaN.');
    },
    timeout,
  );

  it(
    'a second process in the folder; the first one goes on',
    async () => {
      const busy = inFolder('busy', '00000-tiny');
      let second: Promise<Ended> | undefined;
      const args = ['train', 'tiny', '--out', 'busy', '--slow', '100', '--log-every', '1'];
      const first = run(args, {
        until: (output) => {
          if (/tiny 1\/20/.test(output)) second ??= run(['resume', busy]);
        },
      });
      expect((await first).code).toBe(0);
      expectRefused(await second!, 1, /busy\/00000-tiny is in use by process \d+ on .*Wait until it has ended/);
    },
    timeout,
  );

  it(
    'snapshots of another recipe, of another version, without an optimizer',
    async () => {
      const content = load(snapshotFile(whole, 20)) as Record<string, Record<string, unknown>>;
      const states = (objects: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(objects).map(([name, state]) => [
            name,
            { state_dict: () => state, load_state_dict: () => {} },
          ]),
        );
      const other = runUntil('other', 0);
      const write = (objects: Record<string, unknown>) =>
        saveTraining(snapshotFile(other, 10), states(objects), { step: 10 });
      write({ ...content.objects, belongs: { recipe: 'zi2zi' } });
      expectRefused(await run(['resume', other]), 1, /000010\.pt does not fit: it is of the recipe zi2zi, not of tiny/);
      const { optimizer_G: _, ...without } = content.objects!;
      write(without);
      expectRefused(await run(['resume', other]), 1, /has the states of .*, not of .*optimizer_G/);
      const { save } = await import('isotorch');
      save({ ...content, isotorch_checkpoint: 99 }, snapshotFile(other, 10));
      expectRefused(await run(['resume', other]), 1, /000010\.pt is no training checkpoint of version 1/);
    },
    timeout,
  );

  it(
    'a folder whose options are not those of the recipe',
    async () => {
      const broken = runUntil('broken', 0);
      const file = path.join(broken, 'options.json');
      const good = readFileSync(file, 'utf8');
      const refused = async (text: string, message: RegExp) => {
        writeFileSync(file, text);
        expectRefused(await run(['resume', broken]), 2, message);
      };
      await refused(good.replace('"lr"', '"rl"'), /options\.json: unknown option rl\. Did you mean lr\?/);
      await refused(good.replace('"tiny"', '"tinny"'), /there is no recipe tinny\. Did you mean tiny\?/);
      await refused(good.slice(0, 40), /options\.json is not valid JSON/);
    },
    timeout,
  );
});

it(
  'a damaged snapshot is put aside, and the run goes on from the one before it to the same bytes',
  async () => {
    const damaged = runUntil('damaged', 10);
    writeFileSync(snapshotFile(damaged, 10), bytes(whole, 10).subarray(0, 5000));
    const { code, stderr } = await run(['resume', damaged]);
    expect(stderr).toMatch(/000010\.pt is damaged: .*Going on from the snapshot of step 5\./);
    expect(code).toBe(0);
    expect(bytes(damaged, 20).equals(bytes(whole, 20))).toBe(true);
    expect(existsSync(`${snapshotFile(damaged, 10)}.damaged`)).toBe(true);
  },
  timeout,
);

it(
  'a replay gives the bytes of the first time, and where it cannot, says so',
  async () => {
    const { code, stdout } = await run(['replay', whole, '--step', '13', '--out', 'again']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Step 13 is in again, from the snapshot of step 10')]);
    expect(existsSync(inFolder('again', 'snapshot.pt'))).toBe(true);
    const changed = runUntil('changed', 20);
    writeFileSync(snapshotFile(changed, 15), bytes(changed, 10));
    expectRefused(
      await run(['replay', changed, '--step', '15', '--out', 'differs']),
      1,
      /The replay is not the run: the snapshot of step 15 has other bytes/,
    );
    expect(existsSync(inFolder('differs'))).toBe(false);
  },
  timeout,
);

it(
  'a finished run may be made longer, which stays so; between lines of metrics it ends and is replayed with the same bytes',
  async () => {
    const args = ['train', 'tiny', '--snapshot-every', '5', '--log-every', '3', '--keep', '9'];
    const [direct, longer] = ['direct', 'longer'].map((name) => inFolder(name, '00000-tiny')) as [string, string];
    expect((await run([...args, '--out', 'direct'])).code).toBe(0);
    expect((await run([...args, '--out', 'longer', '--steps', '10'])).code).toBe(0);
    expect((await run(['resume', longer, '--steps', '20'])).code).toBe(0);
    expect(bytes(longer, 20).equals(bytes(direct, 20))).toBe(true);
    const again = await run(['resume', longer]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Done: 20 steps.')]);
    const replayed = await run(['replay', longer, '--step', '10']);
    expect([replayed.code, replayed.stdout]).toEqual([0, expect.stringContaining('with the bytes of the first time')]);
    expectRefused(
      await run(['replay', longer, '--step', '21']),
      2,
      /step 21 is none of the run: .* has come to step 20/,
    );
  },
  timeout,
);
