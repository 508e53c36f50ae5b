import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import {
  type AnyRecipe,
  type OpenedTraining,
  openTraining,
  readOptionTable,
  runSession,
  sessionOptions,
  snapshotFile,
  snapshotSteps,
  type Training,
} from 'isotorch/train';
import { TensorDataset } from 'isotorch/utils/data';
import { PNG } from 'pngjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const TINY = { image_size: 8, latent_dim: 8, style_depth: 2, network_capacity: 1, fmap_max: 4, batch_size: 3 };
const silent = () => ({ step() {}, tick() {}, end() {} });

let recipe: AnyRecipe;
let folder: string;
beforeAll(async () => {
  recipe = await recipes.find(({ about }) => about.name === 'stylegan2')!.load();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'isotorch-stylegan2-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(given: Record<string, unknown> = {}, session: Record<string, unknown> = {}): Promise<OpenedTraining> {
  const images = torch.rand(11, given.transparent === true ? 4 : 3, 8, 8, {
    generator: new torch.Generator().manual_seed(1),
  });
  const data = { dataset: new TensorDataset(images), description: { decoded: true, count: 11 }, identity: 'given' };
  return openTraining({
    recipe: { ...recipe, open: () => data },
    options: readOptionTable(recipe.options, { ...TINY, ...given }),
    session: readOptionTable(sessionOptions, { snapshot_every: 2, sample_every: 0, ...session }),
  });
}

const run = (opened: OpenedTraining, where: string, said: string[] = []) =>
  runSession(opened, {
    folder: where,
    interrupt: { requested: false },
    say: (line) => said.push(line),
    progress: silent,
  });

describe('a run', () => {
  it('goes on from a snapshot with the same bytes', async () => {
    const options = { dual_contrast_loss: true, aug_prob: 0.5, path_length_after: 0, average_after: 0 };
    const [whole, halves] = ['whole', 'halves'].map((name) => path.join(folder, name)) as [string, string];
    await run(await open(options, { steps: 8 }), whole);
    await run(await open(options, { steps: 4 }), halves);
    await run(await open(options, { steps: 8 }), halves);
    expect(readFileSync(snapshotFile(halves, 8)).equals(readFileSync(snapshotFile(whole, 8)))).toBe(true);
  });

  it.each([
    [1, 'before any step has a snapshot', 0],
    [4, 'later', 4],
  ])('answers NaN in step %d, %s, by the last snapshot', async (at, _, from) => {
    const opened = await open({}, { steps: 6 });
    const training = opened.training as Training<readonly torch.Tensor[]>;
    let poisoned = false;
    const phase = training.phases[0]!;
    const poison = {
      ...phase,
      async run(it: Parameters<typeof phase.run>[0]) {
        const values = await phase.run(it);
        if (poisoned || it.step !== at) return values;
        poisoned = true;
        return { ...values, loss_D: torch.tensor(Number.NaN) };
      },
    };
    const said: string[] = [];
    const phases = [poison, ...training.phases.slice(1)];
    const ended = await run({ ...opened, training: { ...training, phases } as Training<unknown> }, folder, said);
    expect(ended).toEqual({ step: 6, why: 'done' });
    expect(said.join('\n')).toContain(`Going on from the snapshot of step ${from} (1 of 3)`);
    expect(snapshotSteps(folder)).toContain(6);
  });

  it('trains in the fast way, too', async () => {
    expect(await run(await open({ path_length_after: 0 }, { steps: 5, fast: true }), folder)).toMatchObject({
      step: 5,
    });
  });

  it('with transparency goes on, and is drawn with alpha', async () => {
    const options = { transparent: true, aug_prob: -1, aug_types: 'color,cutout' };
    const [whole, halves] = ['whole', 'halves'].map((name) => path.join(folder, name)) as [string, string];
    await run(await open(options, { steps: 4, sample_every: 4 }), whole);
    await run(await open(options, { steps: 2, sample_every: 4 }), halves);
    await run(await open(options, { steps: 4, sample_every: 4 }), halves);
    expect(readFileSync(snapshotFile(halves, 4)).equals(readFileSync(snapshotFile(whole, 4)))).toBe(true);
    const { data } = PNG.sync.read(readFileSync(path.join(whole, 'samples', '000004.png')));
    // Nothing is drawn between the images.
    expect([...data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect((await open(options)).training.samples!.grid().shape).toEqual([64, 4, 8, 8]);
  });

  it('ends where there is no recovery left', async () => {
    const opened = await open({ recoveries: 0, lr: 1e30 }, { steps: 40 });
    await expect(run(opened, folder)).rejects.toThrow(/step \d+, phase [DG]: /);
  });
});

describe('presets', () => {
  const rates = async (given: Record<string, unknown>) => {
    const { training } = await open(given);
    const { optimizer_G, optimizer_D } = training.objects as unknown as Record<string, torch.optim.Adam>;
    return [optimizer_G!, optimizer_D!].map(({ param_groups }) => param_groups[0]!.lr);
  };

  it('trainer and cli differ in ttur, batch and accumulation', async () => {
    expect(await rates({})).toEqual([2e-4, 4e-4]);
    expect(await rates({ preset: 'cli' })).toEqual([2e-4, 2e-4 * 1.5]);
    expect((await open({ batch_size: 0, preset: 'cli' })).training.feed.batch_size).toBe(5);
    expect((await open({ batch_size: 0 })).training.feed.batch_size).toBe(4);
  });

  it('G comes before S in its optimizer', async () => {
    const { training } = await open();
    const { GAN, optimizer_G } = training.objects as unknown as {
      GAN: { G: torch.nn.Module; S: torch.nn.Module };
      optimizer_G: torch.optim.Adam;
    };
    const wanted = [...GAN.G.parameters(), ...GAN.S.parameters()];
    const params = optimizer_G.param_groups[0]!.params as torch.Tensor[];
    expect(params).toHaveLength(wanted.length);
    expect(params.every((p, i) => p === wanted[i])).toBe(true);
  });
});

describe('refused before anything starts', () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ image_size: 48 }, 'option image_size takes a power of two from 8 on, but is 48.'],
    [{ attn_layers: [4] }, 'option attn_layers: images of 8² have no block 4, the last is 3.'],
    [{ fq_layers: [1.5] }, 'option fq_layers: images of 8² have no block 1.5'],
    [{ fq_dict_size: 8 }, 'option fq_dict_size has no effect without fq_layers.'],
    [{ aug_types: 'cutout' }, 'option aug_types has no effect with aug_prob=0.'],
    [{ aug_prob: -0.5 }, 'option aug_prob is a probability, or -1 for one by the number of images, but is -0.5.'],
    [{ aug_prob: 0.5, aug_types: 'cutuot' }, "there is no augmentation 'cutuot'. Did you mean cutout?"],
    [{ generator_roles: 'cooperative' }, 'option generator_roles has no effect with dual_contrast_loss=false'],
    [{ generator_top_k_frac: 0.4 }, 'option generator_top_k_frac has no effect with top_k_training=false'],
  ];
  it.each(cases)('%o', async (given, message) => {
    await expect((async () => open(given))()).rejects.toThrow(message);
  });
});

it('digits of 32×32 are judged, others not', async () => {
  const options = readOptionTable(recipe.options, { ...TINY, image_size: 32, limit: 16 });
  const { training } = await openTraining({ recipe, options, session: readOptionTable(sessionOptions, {}) });
  expect(training.evaluate).toBeTypeOf('function');
  expect((await open()).training.evaluate).toBeUndefined();
});

describe('samples', () => {
  it('are the same at each call, and move no stream', async () => {
    const { training } = await open({ num_image_tiles: 3 });
    const before = torch.get_rng_state();
    const [one, two] = [training.samples!.grid(), training.samples!.grid()];
    expect(one.shape).toEqual([9, 3, 8, 8]);
    expect(torch.equal(one, two)).toBe(true);
    expect(torch.equal(torch.get_rng_state(), before)).toBe(true);
    expect(one.min().item()).toBeGreaterThanOrEqual(0);
    expect(one.max().item()).toBeLessThanOrEqual(1);
  });

  it('with truncation 0 are all of the mean style', async () => {
    const { samples } = (await open()).training;
    const z = samples!.latents!(3, new torch.Generator().manual_seed(2));
    const spread = (truncation: number) => {
      return samples!.images!(z, { truncation }).std({ dim: 0, correction: 0 }).max().item();
    };
    expect(spread(0)).toBeLessThan(1e-6);
    expect(spread(1)).toBeGreaterThan(1e-4);
  });

  it('have a map of styles of fixed latents', async () => {
    const { training } = await open();
    const { codes, labels } = training.samples!.codes!();
    const { GAN } = training.objects as unknown as { GAN: { SE(z: torch.Tensor): torch.Tensor } };
    const z = training.samples!.latents!(256, new torch.Generator().manual_seed(4));
    expect(torch.equal(codes, GAN.SE(z))).toBe(true);
    expect(labels.tolist()).toEqual(Array(256).fill(0));
  });

  it('are the same in whatever company', async () => {
    const { training } = await open();
    const { latents, images } = training.samples!;
    const z = latents!(3, new torch.Generator().manual_seed(2));
    const { GE } = training.objects.GAN as unknown as { GE: torch.nn.Module };
    // The noise's weights begin at 0.
    torch.no_grad(() => {
      for (const [name, weight] of GE.named_parameters()) if (name.includes('to_noise')) weight.fill_(1);
    });
    const from = images!(z, { truncation: 1 });
    const alone = torch.cat(z.split(1).map((one) => images!(one, { truncation: 1 })));
    expect(torch.allclose(from, alone, { atol: 1e-5 })).toBe(true);
  });

  it('mix has rows times columns images, each with its own pair of styles', async () => {
    const { samples } = (await open()).training;
    const generator = new torch.Generator().manual_seed(2);
    const [rows, columns] = [samples!.latents!(2, generator), samples!.latents!(3, generator)];
    expect(samples!.mix!(rows, columns, { truncation: 1 }).shape).toEqual([6, 3, 8, 8]);
    const same = samples!.mix!(rows, rows, { truncation: 1 });
    const plain = samples!.images!(rows.repeat_interleave(2, 0), { truncation: 1 });
    expect(torch.allclose(same.get(0), plain.get(0), { atol: 1e-6 })).toBe(true);
  });
});
