// What zi2zi's step does to networks and learning rates; parity/gan has its numbers, every_recipe.test.ts its resuming.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import type { Module } from 'isotorch/nn';
import type { Optimizer } from 'isotorch/optim';
import { recipes } from 'isotorch/recipes';
import { OptionError, openTraining, readOptionTable, sessionOptions } from 'isotorch/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { glyphsIn } from '../tiny_options';
import { givenData, trainedOn } from '../given_data';

const { about, load } = recipes.find((entry) => entry.about.name === 'zi2zi')!;
const small = { batch_size: 4, ngf: 2, ndf: 2, embedding_num: 2, embedding_dim: 4 };

const trained = async (options: Record<string, unknown>, steps: number, size = 32) => {
  const data = { train: givenData('glyphs', 8, size, ['a', 'b']), unseen: null };
  return (await trainedOn(await load(), data, { ...small, ...options }, steps)).objects;
};

/** How often BatchNorm has moved, by the parameters' names. */
const moves = (net: Module, key: string) => Number(net.state_dict()[`${key}.num_batches_tracked`]!.item());
const rate = (optimizer: unknown) => (optimizer as Optimizer).param_groups[0]!.lr;

describe('a step of', () => {
  it.each([
    ['euphoria', 32, 2, 1, [4, 2, 4]],
    ['kaonashi', 32, 2, 1, [4, 2, 4]],
    ['xuan_li', 64, 1, 1, [2, 1, 3]],
  ])('%s: updates and BatchNorm moves in the encoder, decoder and D', async (port, size, G, D, counts) => {
    const { generator, discriminator, optimizer_G, optimizer_D } = await trained({ port }, 1, size as number);
    const [g, d] = [generator, discriminator] as Module[];
    expect([moves(g!, 'model.submodule.down.2'), moves(g!, 'model.submodule.up.2'), moves(d!, 'model.3')]).toEqual(
      counts,
    );
    const updates = (optimizer: unknown) => {
      const { state } = (optimizer as Optimizer).state_dict();
      return Number((Object.values(state)[0]!.step as torch.Tensor).item());
    };
    expect([updates(optimizer_G), updates(optimizer_D)]).toEqual([G, D]);
  });

  it('kaonashi leaves the style embedding as it was drawn, others train it', async () => {
    for (const [port, stays] of [
      ['kaonashi', true],
      ['euphoria', false],
    ] as const) {
      torch.manual_seed(3);
      const before = ((await trained({ port }, 0)).generator as Module).state_dict()['embedder.weight']!.clone();
      torch.manual_seed(3);
      const after = ((await trained({ port }, 2)).generator as Module).state_dict()['embedder.weight']!;
      expect(torch.equal(before, after), port).toBe(stays);
    }
  });
});

describe('learning rates', async () => {
  const { portTable } = await import('../../../dist/recipes/zi2zi/ports.js');
  const table = (port: keyof typeof portTable, epochs: number[], schedule = 20) =>
    epochs.map((epoch) => portTable[port].rates(1e-3, schedule, epoch).G);

  it('euphoria: halves after every 20 passes, down to 2e-4', () => {
    expect(table('euphoria', [0, 19, 20, 39, 40, 59, 60, 99])).toEqual([
      1e-3, 1e-3, 5e-4, 5e-4, 2.5e-4, 2.5e-4, 2e-4, 2e-4,
    ]);
  });

  it('kaonashi: halves before the passes 9, 19 and 29 of schedule 10', () => {
    expect(table('kaonashi', [8, 9, 18, 19, 28, 29], 10)).toEqual([1e-3, 5e-4, 5e-4, 2.5e-4, 2.5e-4, 2e-4]);
  });

  it('xuan_li: halves without end', () => {
    expect(table('xuan_li', [20, 60, 100])).toEqual([5e-4, 1.25e-4, 3.125e-5]);
  });

  it('max32002: 1 % less each pass, each network to its floor', () => {
    const { rates } = portTable.max32002;
    expect(rates(1e-3, 20, 1)).toEqual({ G: 9.9e-4, D: 9.9e-4 });
    expect(rates(1e-3, 20, 1000)).toEqual({ G: 1.5e-4, D: 5e-5 });
  });

  it('max32002: the weight of the adversarial term by the loss of D', () => {
    const { adversarial } = portTable.max32002;
    expect([6, 5, 0.2, 0.19, 0.08, 0.07, 0.02, 0.01].map((d) => adversarial!(d))).toEqual([
      0.05, 0.6, 0.6, 0.5, 0.5, 0.35, 0.35, 0.2,
    ]);
  });

  it('are set after a pass', async () => {
    const { optimizer_G, optimizer_D } = await trained({ schedule: 2 }, 4);
    expect([rate(optimizer_G), rate(optimizer_D)]).toEqual([5e-4, 5e-4]);
  });
});

describe('defaults', async () => {
  const { withPort } = await import('../../../dist/recipes/zi2zi/options.js');
  const defaults = (given: Record<string, unknown>) => {
    const { schedule, L1_penalty } = withPort(readOptionTable(about.options, given) as never);
    return [schedule, L1_penalty];
  };

  it.each([
    ['euphoria', [20, 100]],
    ['xuan_li', [20, 100]],
    ['kaonashi', [10, 100]],
    ['max32002', [20, 97]],
  ])('%s', (port, expected) => {
    expect(defaults({ port })).toEqual(expected);
    expect(defaults({ port, L1_penalty: 0 })[1]).toBe(0);
  });

  it('room for the styles that the data have', async () => {
    const { generator } = await trained({ embedding_num: 0 }, 0);
    expect((generator as Module).state_dict()['embedder.weight']!.shape).toEqual([2, 4]);
  });
});

describe('pictures', () => {
  it('three rows a style, and nothing that training depends on moves', async () => {
    const data = { train: givenData('glyphs', 8, 32, ['a', 'b']), unseen: null };
    const training = await trainedOn(await load(), data, small, 1);
    const { generator } = training.objects as { generator: Module };
    const before = Object.values(generator.state_dict()).map((tensor) => tensor.clone());
    const stream = torch.get_rng_state();
    expect(training.samples!.grid().shape).toEqual([24, 1, 32, 32]);
    const figures = await training.evaluate!();
    expect(Object.keys(figures)).toEqual(['a', 'b'].flatMap((s) => [`l1 ${s}`, `ssim ${s}`, `l1 of the source ${s}`]));
    for (const value of Object.values(figures)) expect(Math.abs(value)).toBeLessThan(1);
    expect(Object.values(generator.state_dict()).every((tensor, i) => torch.equal(tensor, before[i]!))).toBe(true);
    expect(torch.equal(torch.get_rng_state(), stream)).toBe(true);
    expect(generator.training).toBe(true);
  });
});

describe('refused', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'isotorch-zi2zi-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [{ image_size: 24 }, 'option image_size takes a power of two from 32 on with port=euphoria, but is 24.'],
    [{ port: 'xuan_li' }, 'option image_size takes a power of two from 64 on with port=xuan_li, but is 32.'],
    [{ embedding_num: 1 }, 'option embedding_num: there is room for 1 styles, but the data have 2.'],
    [{ embedding_num: 3 }, 'option embedding_num: there is room for 3 styles, but the data have 2.'],
    [{ port: 'xuan_li', Lconst_penalty: 3 }, 'option Lconst_penalty has no effect with port=xuan_li'],
    [{ port: 'max32002', schedule: 3 }, 'option schedule has no effect with port=max32002'],
    [{ data: '' }, "option 'data' is missing"],
  ])('%o', async (given, message) => {
    const data = glyphsIn(folder);
    mkdirSync(folder, { recursive: true });
    const run = async () =>
      openTraining({
        recipe: await load(),
        options: readOptionTable(about.options, { data, image_size: 32, ...small, ...given }),
        session: readOptionTable(sessionOptions, {}),
      });
    await expect(run()).rejects.toThrow(message);
    await expect(run()).rejects.toThrow(OptionError);
  });
});
