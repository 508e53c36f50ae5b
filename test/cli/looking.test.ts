/** Commands that look at a run: sample, evaluate, info, report, recipes. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readMetrics, snapshotFile } from 'isotorch/train';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { root } from '../../reference/index.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warmCommand } from '../support/warm';
import { expectRefused, TINY_RECIPE } from './tiny_command';

const timeout = 60_000;

let folder: string;
let trained: string;
const warm = warmCommand(() => folder, [TINY_RECIPE]);
const run = (...args: string[]) => warm(args);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-looking-'));
  for (const kind of ['all', 'bare']) {
    const args = ['--steps', '8', '--snapshot-every', '4', '--log-every', '4', '--kind', kind];
    expect((await run('train', 'tiny', '--out', kind, ...args)).code).toBe(0);
  }
  trained = path.join('all', '00000-tiny');
}, timeout);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (...names: string[]): string => path.join(folder, ...names);
const picture = (name: string) => PNG.sync.read(readFileSync(name));

/** All files of a folder, with their bytes. */
const contents = (where: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(where, { recursive: true, encoding: 'utf8' })
      .filter((name) => path.extname(name) !== '')
      .map((name) => [name, readFileSync(path.join(where, name)).toString('base64')]),
  );

describe('sample', () => {
  it(
    'draws images of seeds, the same in whatever company, and leaves the run as it is',
    async () => {
      const before = contents(file(trained));
      const { code, stdout, stderr } = await run(
        'sample',
        trained,
        '--seeds',
        '3,0-1',
        '--out',
        'three',
        '--truncation',
        '0.7',
      );
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toBe('tiny, step 8: wrote 3 images and grid.png into three.\nBatchNorm: eval. Truncation: 0.7.\n');
      expect(readdirSync(file('three')).sort()).toEqual([
        'drawn.json',
        'grid.png',
        'seed0000.png',
        'seed0001.png',
        'seed0003.png',
      ]);
      expect(JSON.parse(readFileSync(file('three', 'drawn.json'), 'utf8'))).toMatchObject({
        step: 8,
        seeds: '3,0-1',
        batchnorm: 'eval',
      });
      await run('sample', trained, '--seeds', '0', '--out', 'one', '--truncation', '0.7');
      const [of_three, alone] = ['three', 'one'].map((name) => readFileSync(file(name, 'seed0000.png')));
      expect(alone!.equals(of_three!)).toBe(true);
      const early = await run('sample', trained, '--seeds', '0', '--step', '4', '--out', 'early');
      expect(early.stdout).toContain("Truncation: 0.7, as the run's options say.");
      expect(early.stdout).toMatch(/^tiny, step 4:/);
      expect(readFileSync(file('early', 'seed0000.png')).equals(of_three!)).toBe(false);
      expect(contents(file(trained))).toEqual(before);
    },
    timeout,
  );

  it(
    'draws frames between latents as an animated picture, style mixing, and the grid of the training',
    async () => {
      const between = ['--draw', 'interpolation', '--seeds', '0-2', '--frames', '4', '--fps', '10', '--out', 'between'];
      expect((await run('sample', trained, ...between)).stdout).toContain('12 frames and interpolation.gif');
      expect(readdirSync(file('between', 'frames'))).toHaveLength(12);
      const animated = await sharp(file('between', 'interpolation.gif'), { animated: true }).metadata();
      expect(animated).toMatchObject({
        format: 'gif',
        width: 2,
        pageHeight: 2,
        pages: 12,
        loop: 0,
        delay: Array(12).fill(100),
      });
      // A frame at a seed is that seed's image.
      expect((await run('sample', trained, '--seeds', '1', '--out', 'of1')).code).toBe(0);
      expect(
        readFileSync(file('between', 'frames', '00004.png')).equals(readFileSync(file('of1', 'seed0001.png'))),
      ).toBe(true);

      const mixing = [
        '--draw',
        'mixing',
        '--rows',
        '0-2',
        '--columns',
        '5,6',
        '--batchnorm',
        'train',
        '--out',
        'mixing',
      ];
      expect((await run('sample', trained, ...mixing)).stdout).toMatch(/mixing\.png.*\nBatchNorm: train\./);
      // Three columns and four rows of 2×2, with 2 between and around them.
      const { width, height } = picture(file('mixing', 'mixing.png'));
      expect([width, height]).toEqual([3 * 4 + 2, 4 * 4 + 2]);

      expect((await run('sample', trained, '--draw', 'grid', '--out', 'grid')).code).toBe(0);
      const drawn = readFileSync(file('grid', 'grid.png'));
      expect(drawn.equals(readFileSync(file(trained, 'samples', '000008.png')))).toBe(true);
    },
    timeout,
  );

  it(
    'refuses what does not fit, and makes nothing',
    async () => {
      const refused = async (message: RegExp, ...args: string[]) =>
        expectRefused(await run('sample', ...args, '--out', 'refused'), 2, message);
      await refused(/option fps has no effect with draw=images: it is for draw=interpolation/, trained, '--fps', '3');
      await refused(
        /'--draw <value>' argument 'mix' is invalid\. It takes one of images, interpolation/,
        trained,
        '--draw',
        'mix',
      );
      await refused(/argument '5-2' is invalid\. It takes seeds such as 0-3,7/, trained, '--seeds', '5-2');
      await refused(
        /has no snapshot of step 5, only of 0, 4, 8\. isotorch replay makes it: --step 5\./,
        trained,
        '--step',
        '5',
      );
      await refused(
        /the recipe tiny cannot draw images: it has no latents and no images\. It can draw: --draw grid\./,
        path.join('bare', '00000-tiny'),
      );
      await refused(/nothing is not a run folder/, 'nothing');
      expect(existsSync(file('refused'))).toBe(false);
    },
    timeout,
  );

  it(
    'says which snapshots there are where one is damaged',
    async () => {
      const damaged = file('damaged');
      cpSync(file(trained), damaged, { recursive: true });
      const bytes = readFileSync(snapshotFile(damaged, 8));
      writeFileSync(snapshotFile(damaged, 8), bytes.subarray(0, bytes.length - 100));
      expectRefused(await run('sample', damaged), 1, /000008\.pt cannot be read: .*There are others: --step 0, 4\./);
      expect(existsSync(snapshotFile(damaged, 8))).toBe(true);
    },
    timeout,
  );
});

it(
  'evaluate prints a table, or JSON, and keeps the figures for the report',
  async () => {
    const text = await run('evaluate', trained);
    expect(text.stdout).toMatch(/^tiny, step 8:\n {2}score {2}-?0\.\d+\n$/);
    const json = JSON.parse((await run('evaluate', trained, '--step', '4', '--json')).stdout);
    expect(json).toEqual({ recipe: 'tiny', step: 4, figures: { score: expect.any(Number) } });
    const kept = readMetrics(file(trained, 'evaluations.jsonl'));
    expect(kept.map(({ step }) => step)).toEqual([8, 4]);
    expect((await run('report', trained)).stdout).toBe(`${path.join(trained, 'report.html')}\n`);
    expect(readFileSync(file(trained, 'report.html'), 'utf8')).toContain('<h2>Evaluations</h2>');
    expectRefused(
      await run('evaluate', path.join('bare', '00000-tiny')),
      2,
      /the recipe tiny has no figures to compute/,
    );
    expectRefused(await run('report', path.join('bare', '00000-tiny'), '--map'), 2, /tiny has no latent codes to map/);
  },
  timeout,
);

/** Python with torch, which writes the files that are looked at. */
const python = path.join(root, '.venv', 'bin', 'python');

describe('info', () => {
  it(
    'shows a run folder and a snapshot of ours',
    async () => {
      const folderInfo = JSON.parse((await run('info', trained, '--json')).stdout);
      expect(folderInfo).toMatchObject({ recipe: 'tiny', options: { lr: 0.05 }, locked: false, samples: 2 });
      expect(folderInfo.snapshots.map(({ step }: { step: number }) => step)).toEqual([0, 4, 8]);
      expect((await run('info', trained)).stdout).toMatch(
        /^.*: run of the recipe tiny, step 8\nOptions:\n {2}lr +0\.05\n/,
      );
      const { code, stdout } = await run('info', snapshotFile(trained, 8));
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^.*000008\.pt: snapshot of the recipe tiny, .*\nCounters:\n {2}step {7}8\n {2}recovered {2}0\nRandom streams: torch \(cpu\), python, numpy\n/s,
      );
      expect(stdout).toMatch(/^ {2}G\.0\.weight +float32 {2}\[16, 8\] +512 B$/m);
    },
    timeout,
  );

  it.skipIf(!existsSync(python))(
    'shows files of PyTorch, names objects of Python, and runs nothing',
    async () => {
      const script = `
import os, torch
class Weird:
    def __init__(self): self.a = torch.zeros(3); self.text = 'x\\x1b[31m'
class Evil:
    def __init__(self, call, *args): self.made = (call, args)
    def __reduce__(self): return self.made
net = torch.nn.Linear(3, 2)
optimizer = torch.optim.Adam(net.parameters())
torch.save({'net': net.state_dict(), 'optimizer': optimizer.state_dict(), 'epoch': 3}, 'state.pt')
torch.save(net, 'model.pt')
torch.save({'weird': Weird(), 'x': torch.ones(2)}, 'weird.pt')
torch.save(Evil(eval, 'open("run", "w")'), 'eval.pt')
torch.save(Evil(os.system, 'touch run'), 'system.pt')
torch.jit.script(net).save('script.pt')
`;
      execFileSync(python, ['-c', script], { cwd: folder });
      const state = JSON.parse((await run('info', 'state.pt', '--json')).stdout);
      expect(state.tensors).toEqual([
        { name: 'net.weight', dtype: 'torch.float32', shape: [2, 3], bytes: 24 },
        { name: 'net.bias', dtype: 'torch.float32', shape: [2], bytes: 8 },
      ]);
      expect(state.values).toContainEqual({ name: 'epoch', value: 3 });
      expect(state.values).toContainEqual({ name: 'optimizer.param_groups.0.betas', value: '0.9, 0.999' });
      expect(JSON.parse((await run('info', 'model.pt', '--json')).stdout)).toMatchObject({
        objects: [{ name: '', class: 'torch.nn.modules.linear.Linear' }],
        tensors: [{ name: '_parameters.weight' }, { name: '_parameters.bias' }],
      });
      const weird = (await run('info', 'weird.pt')).stdout;
      expect(weird).toMatch(/Objects of Python \(named, not made\):\n {2}__main__\.Weird {2}weird\n/);
      expect(weird).toContain('x·[31m');
      expect((await run('info', 'eval.pt')).stdout).toContain('builtins.eval');
      expectRefused(await run('info', 'system.pt'), 1, /system\.pt: .*posix\.system.*Nothing of it was run\./);
      expect((await run('info', 'script.pt')).stdout).toContain('TorchScript program');
      expect(existsSync(file('run'))).toBe(false);
    },
    timeout,
  );

  it(
    'says what is wrong with a damaged file',
    async () => {
      const snapshot = readFileSync(file(snapshotFile(trained, 8)));
      const damaged = async (name: string, bytes: Uint8Array | string, message: RegExp) => {
        writeFileSync(file(name), bytes);
        expectRefused(await run('info', name), 1, message);
      };
      await damaged('cut.pt', snapshot.subarray(0, 9000), /^isotorch: cut\.pt: it has no end of a zip archive/);
      await damaged('empty.pt', '', /^isotorch: empty\.pt: it is no file of torch\.save/);
      await damaged('cut.safetensors', '\x10\0\0\0\0\0\0\0{"a"', /^isotorch: cut\.safetensors: /);
      expectRefused(await run('info', 'nothing.pt'), 2, /^isotorch: nothing\.pt does not exist\.\n$/);
      expectRefused(await run('info', '.'), 2, /^isotorch: \. is not a run folder: it has no options\.json\.\n$/);
    },
    timeout,
  );
});

it(
  'recipes lists all, shows one with its options, and names the nearest',
  async () => {
    expect((await run('recipes')).stdout).toMatch(/^tiny +two small networks$/m);
    const one = (await run('recipes', 'tiny')).stdout;
    expect(one).toMatch(
      /^tiny: two small networks\nAfter: a test\nOptions, with their defaults:\n {2}lr +0\.05 +learning rate \(a number above 0\)$/m,
    );
    expect(one).toMatch(/^ {2}poison +0 +.* \(a whole number from 0 on; only with kind=all\)$/m);
    const all = JSON.parse((await run('recipes', '--json')).stdout) as { name: string }[];
    expect(all.find(({ name }) => name === 'tiny')).toMatchObject({
      source: 'a test',
      options: expect.arrayContaining([
        { name: 'batch_size', default: 4, takes: 'a whole number from 1 on', about: 'points of a batch' },
      ]),
    });
    expectRefused(await run('recipes', 'tinny'), 2, /there is no recipe tinny\. Did you mean tiny\?/);
  },
  timeout,
);
