// Checkpoints of any training: what they hold, what a crash leaves, and runs that cross from Python to Node and back.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { loadTraining, RunFailure, saveTraining } from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../reference/index.mjs';
import { capture, expectSameBits } from '../support/bits';
import { ask, askLeaves, live, skipReason } from '../support/parity';

const { nn, optim, random } = torch;

let folder = '';
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'training-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const silent = { say: () => {} };

/** A small training with everything that has a state; the same as in `PYTHON`. */
function training() {
  const net = new nn.Sequential(
    new nn.Linear(6, 16),
    new nn.BatchNorm1d(16),
    new nn.ReLU(),
    new nn.Dropout(0.2),
    new nn.Linear(16, 3),
  );
  const optimizer = new optim.Adam(net.parameters(), { lr: 1e-2, betas: [0.5, 0.9] });
  const scheduler = new optim.lr_scheduler.CosineAnnealingLR(optimizer, 25);
  const { AveragedModel, get_ema_multi_avg_fn } = optim.swa_utils;
  const ema = new AveragedModel(net, { multi_avg_fn: get_ema_multi_avg_fn(0.9) });
  return { net, optimizer, scheduler, ema };
}

type Training = ReturnType<typeof training>;

function step({ net, optimizer, scheduler, ema }: Training): void {
  torch.scope(() => {
    const x = torch.randn(8, 6).mul(random.python.uniform(0.5, 1.5)).add(random.numpy.randn());
    optimizer.zero_grad();
    (net(x) as torch.Tensor).square().mean().backward();
    optimizer.step();
    scheduler.step();
    ema.update_parameters(net);
  });
}

function seed(): void {
  torch.set_num_threads(1);
  torch.manual_seed(1);
  random.python.seed(2);
  random.numpy.seed(3);
}

const PYTHON = `
import random, sys
import numpy as np
sys.path.insert(0, '${join(root, 'python')}')
import isotorch_checkpoint

def training():
    net = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
    optimizer = optim.Adam(net.parameters(), lr=1e-2, betas=(0.5, 0.9))
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, 25)
    swa = optim.swa_utils
    ema = swa.AveragedModel(net, multi_avg_fn=swa.get_ema_multi_avg_fn(0.9))
    return {'net': net, 'optimizer': optimizer, 'scheduler': scheduler, 'ema': ema}

def step(net, optimizer, scheduler, ema):
    x = torch.randn(8, 6) * random.uniform(0.5, 1.5) + float(np.random.randn())
    optimizer.zero_grad()
    net(x).square().mean().backward()
    optimizer.step()
    scheduler.step()
    ema.update_parameters(net)

def run(start, stop, source=None, target=None):
    torch.manual_seed(1); random.seed(2); np.random.seed(3)
    objects = training()
    if source is not None:
        assert isotorch_checkpoint.load(source, **objects) == {'step': start}
    for _ in range(start, stop):
        step(**objects)
    if target is not None:
        isotorch_checkpoint.save(target, {'step': stop}, **objects)
    return {
        'net': objects['net'].state_dict(), 'ema': objects['ema'].state_dict(),
        'state': objects['optimizer'].state_dict()['state'], 'rate': objects['scheduler'].get_last_lr(),
        'draws': [torch.randn(3), random.random(), float(np.random.randn())],
    }
`;

const seen = ({ net, optimizer, scheduler, ema }: Training) => ({
  net: net.state_dict(),
  ema: ema.state_dict(),
  state: optimizer.state_dict().state as never,
  rate: scheduler.get_last_lr() as number[],
  draws: [torch.randn(3), random.python.random(), random.numpy.randn()],
});

describe('misuse', () => {
  it('refuses files that are none of it, and objects that are others', () => {
    const { net, optimizer } = training();
    expect(() => loadTraining(at('none.pt'), { net })).toThrow(/cannot read .*none\.pt: ENOENT/);
    torch.save([1], at('other.pt'));
    expect(() => loadTraining(at('other.pt'), { net })).toThrow(RunFailure);
    saveTraining(at('run.pt'), { net });
    expect(() => loadTraining(at('run.pt'), { net, optimizer })).toThrow(
      `${at('run.pt')} has the states of net, not of net, optimizer.`,
    );
    torch.save({ isotorch_checkpoint: 1, counters: {} }, at('part.pt'));
    expect(() => loadTraining(at('part.pt'), { net })).toThrow('part.pt is no training checkpoint of version 1');
    writeFileSync(at('cut.pt'), readFileSync(at('run.pt')).subarray(0, 5000));
    expect(() => loadTraining(at('cut.pt'), { net })).toThrow(/cut\.pt: it has no end of a zip archive/);
  });

  it('leaves every object as it was where one state does not fit', () => {
    const [one, other] = [new nn.Linear(2, 2), new nn.Linear(3, 3)];
    saveTraining(at('run.pt'), { a: new nn.Linear(2, 2), b: new nn.Linear(4, 4) });
    const before = [one, other].map((net) => (net.weight as torch.Tensor).tolist());
    const state = torch.get_rng_state().tolist();
    expect(() => loadTraining(at('run.pt'), { a: one, b: other }, silent)).toThrow(/does not fit: .*size mismatch/s);
    expect([one, other].map((net) => (net.weight as torch.Tensor).tolist())).toEqual(before);
    expect(torch.get_rng_state().tolist()).toEqual(state);
  });
});

it('leaves the random streams as they were where one does not fit', () => {
  const { net } = training();
  saveTraining(at('run.pt'), { net });
  const content = torch.load(at('run.pt')) as { random: { numpy: unknown[] } };
  content.random.numpy = [...content.random.numpy.slice(0, 1), torch.zeros(3), 0, 0, 0];
  torch.save(content, at('bad.pt'));
  seed();
  const expected = [torch.randn(2).tolist(), random.python.random(), random.numpy.randn()];
  seed();
  expect(() => loadTraining(at('bad.pt'), { net }, silent)).toThrow(/bad\.pt does not fit/);
  expect([torch.randn(2).tolist(), random.python.random(), random.numpy.randn()]).toEqual(expected);
});

it('leaves out the streams of GPUs that are not here', () => {
  const { net } = training();
  saveTraining(at('run.pt'), { net }, { step: 1 });
  const content = torch.load(at('run.pt')) as { random: { torch: Record<string, torch.Tensor> } };
  content.random.torch['cuda:99'] = torch.zeros(16, { dtype: torch.uint8 });
  torch.save(content, at('gpus.pt'));
  expect(loadTraining(at('gpus.pt'), { net }, silent)).toEqual({ step: 1 });
});

it('goes on as a run that was never interrupted', () => {
  seed();
  const whole = training();
  for (let i = 0; i < 12; i++) step(whole);
  const expected = capture(seen(whole) as never);
  seed();
  const first = training();
  for (let i = 0; i < 5; i++) step(first);
  saveTraining(at('run.pt'), first, { step: 5, best: 0.25, order: [3, 1] });
  const second = training();
  expect(loadTraining(at('run.pt'), second, silent)).toEqual({ step: 5, best: 0.25, order: [3, 1] });
  for (let i = 5; i < 12; i++) step(second);
  expectSameBits(capture(seen(second) as never), expected);
  expect(readdirSync(folder)).toEqual(['run.pt']);
});

it('leaves a whole checkpoint wherever it is killed', { timeout: 60_000 }, async () => {
  let last = -1;
  for (let round = 0; round < 5; round++) {
    const program = join(root, 'test', 'train', 'programs', 'saves_for_ever.mjs');
    const child = spawn(process.execPath, [program, at('run.pt')], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 20 + 37 * round));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    let state: Record<string, torch.Tensor> = {};
    const load_state_dict = (given: typeof state) => {
      state = given;
    };
    const net = { state_dict: () => ({}), load_state_dict };
    const { step: number } = loadTraining(at('run.pt'), { net }, silent);
    expect(Object.keys(state)).toHaveLength(20);
    const wrong = Object.values(state).filter((each) => (each.sum().item() as number) !== 50_000 * (number as number));
    expect(wrong).toEqual([]);
    last = Math.max(last, number as number);
  }
  expect(last).toBeGreaterThan(0);
});

describe.skipIf(!live)(`across languages${skipReason}`, () => {
  it('10 steps in Python, 10 here and 10 in Python are 30 in Python', async () => {
    const expected = await askLeaves({ code: `${PYTHON}\nreturn run(0, 30)` });
    const started = await ask({ code: `${PYTHON}\nreturn run(0, 10, None, '${at('10.pt')}')` });
    expect(started.error).toBeUndefined();
    seed();
    const objects = training();
    expect(loadTraining(at('10.pt'), objects)).toEqual({ step: 10 });
    for (let i = 10; i < 20; i++) step(objects);
    saveTraining(at('20.pt'), objects, { step: 20 });
    expectSameBits(await askLeaves({ code: `${PYTHON}\nreturn run(20, 30, '${at('20.pt')}')` }), expected);
  });
});

it.skipIf(!live)(`Python's helper leaves nothing half-written${skipReason}`, async () => {
  const answer = await ask({
    code: `
import os, sys, time
sys.path.insert(0, '${join(root, 'python')}')
import isotorch_checkpoint
class Broken:
    def state_dict(self):
        return {'f': lambda: 0}
for name, hours in (('run.pt.1.tmp', 2), ('run.pt.2.tmp', 0.5)):
    open(os.path.join('${folder}', name), 'w').close()
    os.utime(os.path.join('${folder}', name), (time.time() - 3600 * hours,) * 2)
isotorch_checkpoint.save('${at('run.pt')}', broken=Broken())
`,
  });
  expect(answer.error?.message).toMatch(/pickle/);
  expect(readdirSync(folder)).toEqual(['run.pt.2.tmp']);
});
