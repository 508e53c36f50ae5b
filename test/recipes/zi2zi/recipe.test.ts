// What zi2zi's step does to networks and learning rates; parity/gan has its numbers, every_recipe.test.ts its resuming.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';
import type { Module } from 'isotorch/nn';
import type { Optimizer } from 'isotorch/optim';
import { type Zi2ziGenerator, Zi2ziPixelShuffleGenerator } from 'isotorch/gan/networks';
import { recipes } from 'isotorch/recipes';
import { OptionError, openTraining, readOptionTable, type Samples, sessionOptions } from 'isotorch/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { glyphsIn } from '../tiny_options';
import { givenData, trainedOn } from '../given_data';

const { about, load } = recipes.find((entry) => entry.about.name === 'zi2zi')!;
const small = { augment: 'off', batch_size: 4, ngf: 2, ndf: 2, embedding_num: 2, embedding_dim: 4 };

const trained = async (options: Record<string, unknown>, steps: number, size = 32) => {
  const data = { train: givenData('glyphs', 8, size, ['a', 'b']), unseen: null };
  return (await trainedOn(await load(), data, { ...small, ...options }, steps)).objects;
};

/** How often BatchNorm has moved, by the parameters' names. */
const moves = (net: Module, key: string) => Number(net.state_dict()[`${key}.num_batches_tracked`]!.item());
const rate = (optimizer: unknown) => (optimizer as Optimizer).param_groups[0]!.lr;

describe('a step of', () => {
  it.each([
    [{ port: 'euphoria' }, 32, 2, 1, [4, 2, 4]],
    [{ port: 'kaonashi' }, 32, 2, 1, [5, 3, 5]],
    [{ port: 'kaonashi', label_shuffle: true }, 32, 2, 1, [10, 6, 8]],
    [{ port: 'xuan_li' }, 64, 1, 1, [2, 1, 3]],
  ])('%o: updates and BatchNorm moves in the encoder, decoder and D', async (options, size, G, D, counts) => {
    const { generator, discriminator, optimizer_G, optimizer_D } = await trained(options, 1, size as number);
    const [g, d] = [generator, discriminator] as Module[];
    const [encoder, decoder, inD] =
      options.port === 'kaonashi'
        ? ['g_e2_bn', 'g_d1_bn', 'd_bn_1']
        : ['model.submodule.down.2', 'model.submodule.up.2', 'model.3'];
    expect([moves(g!, encoder!), moves(g!, decoder!), moves(d!, inD!)]).toEqual(counts);
    const updates = (optimizer: unknown) => {
      const { state } = (optimizer as Optimizer).state_dict();
      return Number((Object.values(state)[0]!.step as torch.Tensor).item());
    };
    expect([updates(optimizer_G), updates(optimizer_D)]).toEqual([G, D]);
  });

  it("kaonashi has TensorFlow's place of ε in updates of both networks", async () => {
    const { optimizer_G, optimizer_D } = await trained({ port: 'kaonashi' }, 3);
    const eps = (optimizer: unknown) => (optimizer as torch.optim.Adam).param_groups[0]!.eps;
    expect(eps(optimizer_D)).toBeCloseTo(1e-8 / Math.sqrt(1 - 0.999 ** 3), 20);
    expect(eps(optimizer_G)).toBeCloseTo(1e-8 / Math.sqrt(1 - 0.999 ** 6), 20);
  });

  it('kaonashi, freeze_encoder: the way down and the embedding stay, the way up learns', async () => {
    const options = { port: 'kaonashi', freeze_encoder: true };
    const parameters = async (steps: number) => {
      torch.manual_seed(3);
      return ((await trained(options, steps)).generator as Module).named_parameters();
    };
    const before = await parameters(0);
    const after = await parameters(1);
    const stayed = after.filter(([, value], i) => torch.equal(value, before[i]![1])).map(([name]) => name);
    expect(stayed).toEqual(after.map(([name]) => name).filter((name) => /^g_e|^embedder/.test(name)));
  });

  it("kaonashi, label_shuffle: the order of the labels is NumPy's", async () => {
    const drawn = async (label_shuffle: boolean) => {
      torch.random.numpy.seed(1);
      await trained({ port: 'kaonashi', label_shuffle }, 1);
      return torch.random.numpy.random_sample();
    };
    torch.random.numpy.seed(1);
    const first = torch.random.numpy.random_sample();
    torch.random.numpy.seed(1);
    torch.random.numpy.shuffle([0, 1, 2, 3]);
    const fifth = torch.random.numpy.random_sample();
    expect([await drawn(false), await drawn(true)]).toEqual([first, fifth]);
  });

  it("max32002 has a generator of its own, and takes lr_D for D's rate", async () => {
    const { generator, optimizer_G, optimizer_D } = await trained({ port: 'max32002', lr_D: 5e-4 }, 1, 64);
    expect(generator).toBeInstanceOf(Zi2ziPixelShuffleGenerator);
    expect([rate(optimizer_G), rate(optimizer_D)]).toEqual([1e-3, 5e-4]);
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
    epochs.map((epoch) => portTable[port].rates({ G: 1e-3, D: 1e-3 }, schedule, epoch).G);

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
    expect(rates({ G: 1e-3, D: 5e-4 }, 20, 1)).toEqual({ G: 9.9e-4, D: 4.95e-4 });
    expect(rates({ G: 1e-3, D: 5e-4 }, 20, 1000)).toEqual({ G: 1.5e-4, D: 5e-5 });
  });

  it('max32002: the weight of the adversarial term by the loss of D', async () => {
    const { adversarial_weight } = await import('../../../dist/recipes/zi2zi/max32002_training.js');
    expect([6, 5, 0.2, 0.19, 0.08, 0.07, 0.02, 0.01].map(adversarial_weight)).toEqual([
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
    const { schedule, L1_penalty, augment } = withPort(readOptionTable(about.options, given) as never);
    return [schedule, L1_penalty, augment];
  };

  it.each([
    ['euphoria', [20, 100, 'on']],
    ['xuan_li', [20, 100, 'on']],
    ['kaonashi', [10, 100, 'on']],
    ['max32002', [20, 97, 'off']],
  ])('%s', (port, expected) => {
    expect(defaults({ port })).toEqual(expected);
    expect(defaults({ port, L1_penalty: 0, augment: 'on' })[1]).toBe(0);
    expect(['on', 'off'].map((augment) => defaults({ port, augment })[2])).toEqual(['on', 'off']);
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
    const { codes, labels } = training.samples!.codes!();
    expect(labels.tolist()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(generator.training).toBe(true);
    // The second row of each style is what is encoded.
    const grid = training.samples!.grid();
    const made = torch.cat([grid.narrow(0, 4, 4), grid.narrow(0, 16, 4)]);
    const encoded = (generator.eval() as Zi2ziGenerator).encode(made);
    expect(torch.allclose(codes, encoded, { atol: 1e-5 })).toBe(true);
  });
});

describe('styles', () => {
  const drawnBy = async (options: Record<string, unknown> = {}, size = 32) => {
    const data = { train: givenData('glyphs', 6, size, ['a', 'b']), unseen: null };
    const { objects, samples } = await trainedOn(await load(), data, { ...small, ...options }, 1);
    return { generator: objects.generator as Zi2ziGenerator, samples: samples as Required<Samples>, data };
  };
  const seeded = (seed: number) => new torch.Generator().manual_seed(seed);

  it('seeds are the styles of the embedding, then mixtures, alone as in company', async () => {
    const { generator, samples } = await drawnBy();
    const styles = samples.latents(4, seeded(0));
    expect(torch.equal(styles.narrow(0, 0, 2), generator.embedder.weight)).toBe(true);
    const weights = torch.randn([2], { generator: seeded(3) }).softmax(0);
    const mixture = generator.embedder.weight.mul(weights.unsqueeze(1)).sum(0, { keepdim: true });
    expect(torch.allclose(styles.narrow(0, 3, 1), mixture)).toBe(true);
    for (const seed of [1, 3]) {
      expect(torch.equal(samples.latents(1, seeded(seed)), styles.narrow(0, seed, 1))).toBe(true);
    }
  });

  it('an image is the characters in a row, as the generator writes them', async () => {
    const { generator, samples, data } = await drawnBy();
    const images = samples.images(samples.latents(3, seeded(0)), {});
    expect(images.shape).toEqual([3, 1, 32, 3 * 32]);
    const source = data.train.dataset.__getitem__(2) as unknown as [torch.Tensor];
    const label = torch.tensor([1], { dtype: torch.int64 });
    const [fake] = torch.no_grad(() => generator.eval()(source[0].unsqueeze(0), label));
    expect(torch.allclose(images.narrow(0, 1, 1).narrow(3, 32, 32), fake, { atol: 1e-6 })).toBe(true);
  });

  it.each(['eval', 'train', 'standing'] as const)('batchnorm=%s leaves the training as it is', async (batchnorm) => {
    const { generator, samples } = await drawnBy();
    const before = Object.values(generator.state_dict()).map((value) => value.clone());
    const stream = torch.get_rng_state();
    const images = samples.images(samples.latents(2, seeded(0)), { batchnorm });
    expect(images.isfinite().all().item()).toBe(true);
    expect(Object.values(generator.state_dict()).every((value, i) => torch.equal(value, before[i]!))).toBe(true);
    expect(torch.equal(torch.get_rng_state(), stream)).toBe(true);
    expect(generator.training).toBe(true);
  });

  it("max32002's generator draws, too", async () => {
    const { samples } = await drawnBy({ port: 'max32002' }, 64);
    expect(samples.images(samples.latents(2, seeded(1)), {}).shape).toEqual([2, 1, 64, 3 * 64]);
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
    [{ port: 'max32002' }, 'option image_size takes a multiple of 64 with port=max32002, but is 32.'],
    [{ port: 'kaonashi', batch_size: 1 }, 'option batch_size is 2 or more with port=kaonashi'],
    [{ port: 'max32002', ngf: 1 }, 'option ngf is 2 or more with port=max32002'],
    [{ L1_penalty: -0.5 }, "option L1_penalty is 0 or more, or -1 for the port's, but is -0.5."],
    [{ label_shuffle: true }, 'option label_shuffle has no effect with port=euphoria: it is for port=kaonashi'],
    [{ Ltv_penalty: 1 }, 'option Ltv_penalty has no effect with port=euphoria'],
    [{ lr_D: 1e-3 }, 'option lr_D has no effect with port=euphoria'],
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
