import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import {
  openTraining,
  optionText,
  readOptionTable,
  runSession,
  runStep,
  sessionOptions,
  snapshotFile,
  snapshotSteps,
} from 'isotorch/train';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newRun } from '../../../dist/cli/new_run.js';
import { replayRun } from '../../../dist/cli/replay_run.js';
import { resumeRun } from '../../../dist/cli/resume_run.js';
import { sampleRun } from '../../../dist/cli/sampling/sample_run.js';
import { stylegan } from '../../../dist/recipes/stylegan/recipe.js';

const small = {
  image_size: 8,
  limit: 32,
  latent_size: 8,
  w_size: 8,
  mapping_fmaps: 8,
  fmap_base: 32,
  fmap_max: 8,
  minibatch_dict: { 8: 4 },
  total_kimg: 0.016,
};
const session = readOptionTable(sessionOptions, { device: 'cpu' });
const open = (given: Record<string, unknown>) =>
  openTraining({ recipe: stylegan, options: readOptionTable(stylegan.options, { ...small, ...given }), session });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-stylegan-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('options', () => {
  it.each([
    [{ image_size: 12 }, 'option image_size takes a power of two from 8 on, but is 12.'],
    [{ lod_initial_resolution: 16 }, 'takes a power of two from 4 to 8 with image_size=8, but is 16.'],
    [{ minibatch_dict: { 8: 6 } }, 'batches of 6 at 8×8 are no multiple of 4'],
    [{ minibatch_dict: {}, minibatch_base: 10 }, 'batches of 10 at 8×8 are no multiple of 4'],
    [{ resume_snapshot: 5 }, 'option resume_snapshot has no effect without resume_run_id.'],
    [{ resume_kimg: 1 }, 'option resume_kimg: 1 is not below total_kimg (0.016).'],
    [{ metrics: 'digits' }, 'digits are judged with data=mnist, image_size=32 and channels=1 only'],
    [{ D_loss: 'hinge', r1_gamma: 1 }, 'option r1_gamma has no effect with D_loss=hinge'],
    [{ wgan_target: 2 }, 'option wgan_target has no effect with D_loss=logistic_simplegp'],
    [{ minibatch_dict: { 8: 0 } }, 'option minibatch_dict takes whole numbers by resolution, as 8:256,16:128'],
    [{ data: '/nowhere' }, '/nowhere'],
    [{ minibatch_dict: { 8: 36 } }, 'the data have 32 images, fewer than the batch of 36 at 8×8'],
    [{ lod_initial_resolution: 4, minibatch_dict: { 4: 4, 8: 64 } }, 'fewer than the batch of 64 at 8×8'],
  ])('%o', async (given, words) => {
    await expect((async () => open(given))()).rejects.toThrow(words);
  });

  it('are read by resolution from a command line', () => {
    const { parse } = stylegan.options.minibatch_dict;
    expect(parse('8:256, 16:128')).toEqual({ 8: 256, 16: 128 });
    expect(parse('')).toEqual({});
    for (const wrong of ['8', '8:0', '8:1.5', '0:4', '8:x', '8:4,']) expect(parse(wrong)).toBeUndefined();
    expect(stylegan.options.G_lrate_dict.parse('128:0.0015,256:2e-3')).toEqual({ 128: 0.0015, 256: 0.002 });
  });

  it('are shown as a command line takes them', () => {
    for (const name of ['minibatch_dict', 'G_lrate_dict', 'tick_kimg_dict'] as const) {
      const { fallback, parse } = stylegan.options[name];
      expect(parse(optionText(fallback))).toEqual(fallback);
    }
    expect(optionText(stylegan.options.minibatch_dict.fallback)).toMatch(/^4:128,8:128,/);
  });

  it('every pair of losses trains', async () => {
    for (const G_loss of ['logistic_nonsaturating', 'logistic_saturating', 'wgan']) {
      for (const D_loss of ['logistic_simplegp', 'logistic', 'wgan', 'wgan_gp', 'hinge', 'hinge_gp']) {
        const { training } = await open({ G_loss, D_loss });
        const seen: string[] = [];
        await runStep(training, 0, { clip: 0 }, (values) => seen.push(...Object.keys(values)));
        expect(seen).toEqual(['loss_D', 'skipped_D', 'loss_G', 'skipped_G']);
      }
    }
  });
});

describe('gradients that are not finite', () => {
  const poisoned = async (nonfinite: 'skip' | 'stop') => {
    const { training } = await open({ nonfinite });
    const { D, optimizer_D } = training.objects as unknown as { D: torch.nn.Module; optimizer_D: torch.optim.Adam };
    const [bias] = D.parameters();
    bias!.register_hook((gradient) => gradient.mul(Number.NaN));
    const before = D.parameters().map((parameter) => parameter.tolist());
    const values: Record<string, number> = {};
    await runStep(training, 0, { clip: 0 }, (given) => {
      for (const [name, value] of Object.entries(given)) values[name] = value.item();
    });
    expect(D.parameters().map((parameter) => parameter.tolist())).toEqual(before);
    expect(optimizer_D.state.size).toBe(0);
    return values;
  };

  it('skip the whole update, and are counted', async () => {
    const values = await poisoned('skip');
    expect(values).toMatchObject({ skipped_D: 1, skipped_G: 0 });
    expect(values.loss_D).toBeUndefined();
  });

  it('stop the run where that is asked for', async () => {
    await expect(poisoned('stop')).rejects.toThrow('step 1, phase D: the gradient of D.');
  });
});

describe('networks of another run', () => {
  const surroundings = (where: string) => ({
    folder: where,
    interrupt: { requested: false },
    say: () => {},
    progress: () => ({ step() {}, tick() {}, end() {} }),
  });

  it('are where a training begins', async () => {
    const first = path.join(folder, '00000-stylegan');
    const trained = await open({ lod_initial_resolution: 4, minibatch_dict: { 4: 4, 8: 4 } });
    expect(await runSession(trained, surroundings(first))).toMatchObject({ why: 'done' });
    const weights = (opened: Awaited<ReturnType<typeof open>>) =>
      ['G', 'D', 'Gs'].map((name) =>
        (opened.training.objects[name] as torch.nn.Module).parameters().map((p) => p.tolist()),
      );
    for (const resume_run_id of [first, path.join(first, 'network-final.pt')]) {
      expect(weights(await open({ resume_run_id }))).toEqual(weights(trained));
    }
    const next = await open({ resume_run_id: first, resume_kimg: 0.008 });
    expect(next.steps).toBe(4);
    await expect(open({ resume_run_id: first, resume_snapshot: 7 })).rejects.toThrow(
      'has no snapshot of 7 kimg; it has 0.',
    );
    await expect(open({ resume_run_id: first, fmap_max: 4 })).rejects.toThrow(
      'It has to be of a run with the same image_size and network options.',
    );
  });

  it('are needed once: the run goes on, is replayed and drawn when they are gone', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const source = path.join(folder, 'source');
    await runSession(await open({}), surroundings(source));
    const given = { ...small, resume_run_id: source, resume_kimg: 0.004 };
    const runs = path.join(folder, 'runs');
    expect(await newRun(stylegan, given, { device: 'cpu', keep: 9 }, { out: runs, dryRun: false })).toBe(0);
    const run = path.join(runs, '00000-stylegan');
    const [last] = snapshotSteps(run).slice(-1) as [number];
    const whole = readFileSync(snapshotFile(run, last));
    rmSync(source, { recursive: true });
    rmSync(snapshotFile(run, last));
    expect(await replayRun(run, last, path.join(folder, 'again'))).toBe(0);
    expect(readFileSync(path.join(folder, 'again', 'snapshot.pt')).equals(whole)).toBe(true);
    expect(await resumeRun(run, {})).toBe(0);
    expect(readFileSync(snapshotFile(run, last)).equals(whole)).toBe(true);
    await sampleRun(run, { seeds: '1' }, { step: undefined, changes: {} }, path.join(folder, 'drawn'));
    // Without any snapshot it is a run that begins.
    rmSync(path.join(run, 'snapshots'), { recursive: true });
    await expect(resumeRun(run, {})).rejects.toThrow('option resume_run_id: there is no run');
  });

  it.each([
    ['12345', 'there is no run 12345; it takes a run folder, its number in runs'],
    ['EMPTY', 'has no network snapshot'],
    ['FILE', 'does not fit'],
  ])('%s is refused', async (id, words) => {
    mkdirSync(path.join(folder, 'EMPTY'));
    writeFileSync(path.join(folder, 'FILE'), 'no networks');
    const resume_run_id = id === '12345' ? id : path.join(folder, id);
    await expect((async () => open({ resume_run_id }))()).rejects.toThrow(words);
  });
});

describe('samples', () => {
  it('leave training as it is', async () => {
    const { training } = await open({});
    const state = torch.get_rng_state();
    const { Gs } = training.objects as unknown as { Gs: torch.nn.Module };
    const before = Gs.get_buffer('w_avg').tolist();
    const { samples } = training;
    const grid = samples!.grid();
    expect(grid.shape).toEqual([64, 1, 8, 8]);
    expect(torch.equal(samples!.grid(), grid)).toBe(true);
    const latents = samples!.latents!(3, new torch.Generator().manual_seed(3));
    expect(samples!.mix!(latents, latents.narrow(0, 0, 2), { truncation: 0.7 }).shape).toEqual([6, 1, 8, 8]);
    // ψ 0 is the image of the average alone.
    const same = samples!.images!(latents, { truncation: 0 });
    expect(
      same
        .sub(same.narrow(0, 0, 1))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-5);
    // By default ψ is the option's, 0.7 here; the grid has none.
    expect(torch.equal(samples!.images!(latents, {}), samples!.images!(latents, { truncation: 0.7 }))).toBe(true);
    expect(torch.equal(samples!.images!(latents, {}), samples!.images!(latents, { truncation: 1 }))).toBe(false);
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true);
    expect(Gs.training).toBe(true);
    expect(Gs.get_buffer('w_avg').tolist()).toEqual(before);
  });

  it('of classes keep them: a column a class in the grid, a label behind each latent', async () => {
    const { training } = await open({ conditional: true });
    const { grid, columns, latents, images } = training.samples!;
    expect(columns).toBe(10);
    expect(grid().shape).toEqual([80, 1, 8, 8]);
    const drawn = latents!(20, new torch.Generator().manual_seed(3));
    const labels = drawn.narrow(1, 8, 10);
    expect(labels.sum(1).tolist()).toEqual(Array(20).fill(1));
    expect(Number(labels.argmax(1).unique().numel())).toBeGreaterThan(4);
    const whole = images!(drawn, {});
    expect(
      images!(drawn.narrow(0, 13, 5), {})
        .sub(whole.narrow(0, 13, 5))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-5);
  });

  it('of a class keep it on the arc to another of that class', async () => {
    const { training } = await open({ conditional: true });
    const { latents, images } = training.samples!;
    const [z] = latents!(1, new torch.Generator().manual_seed(3)).split([8, 10], 1);
    const label = torch.eye(10).narrow(0, 4, 1);
    // Halfway on an arc of 90°, both weights are √½.
    const arc = label.mul(Math.SQRT1_2).add(label.mul(Math.SQRT1_2));
    expect(torch.equal(images!(torch.cat([z!, arc], 1), {}), images!(torch.cat([z!, label], 1), {}))).toBe(true);
  });

  it.each([false, true])('have a map of styles w, with classes %s', async (conditional) => {
    const { training } = await open({ conditional });
    const { codes, labels } = training.samples!.codes!();
    const latents = training.samples!.latents!(256, new torch.Generator().manual_seed(1));
    const { Gs } = training.objects as unknown as { Gs: { mapping(...given: torch.Tensor[]): torch.Tensor } };
    const z = latents.narrow(1, 0, 8);
    const given = conditional ? [z, latents.narrow(1, 8, 10)] : [z];
    expect(torch.equal(codes, Gs.mapping(...given))).toBe(true);
    const classes = conditional ? latents.narrow(1, 8, 10).argmax(1) : torch.zeros([256]);
    expect(labels.tolist()).toEqual(classes.tolist());
  });

  it('mix coarse styles with fine ones', async () => {
    const { training } = await open({});
    // As the command line takes them: functions of their own.
    const { mix, images, latents } = training.samples!;
    const z = latents!(2, new torch.Generator().manual_seed(3));
    const mixed = mix!(z, z, {});
    const plain = images!(z, {});
    // On the diagonal both styles are one.
    expect(mixed.get('::3').sub(plain).abs().max().item()).toBeLessThan(1e-5);
    expect(mixed.get(1).sub(plain.get(0)).abs().max().item()).toBeGreaterThan(0);
  });
});
