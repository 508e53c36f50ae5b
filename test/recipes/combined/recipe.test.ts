// What document 1's step does to buffers and targets; parity/gan has its numbers, every_recipe.test.ts its resuming.
import * as torch from 'isotorch';
import type { Module } from 'isotorch/nn';
import { recipes } from 'isotorch/recipes';
import { OptionError, openTraining, readOptionTable, sessionOptions } from 'isotorch/train';
import { describe, expect, it } from 'vitest';
import { latentsBetween } from '../../../dist/cli/sampling/latents.js';
import { givenData, trainedOn } from '../given_data';

const { about, load } = recipes.find((entry) => entry.about.name === 'combined')!;
const small = { batch_size: 4, width: 2, latent_dim: 4, category_num: 3 };
const train = async (options: Record<string, unknown>, steps: number) =>
  trainedOn(await load(), givenData('labelled', 9, 16, ['a', 'b', 'c']), { ...small, ...options }, steps);

const moves = (net: unknown, key: string) => Number((net as Module).state_dict()[`${key}.num_batches_tracked`]!.item());

it("moves D's BatchNorm three times a step, and G's once", async () => {
  const { generator, discriminator } = (await train({}, 2)).objects;
  expect([moves(generator, 'main.1'), moves(discriminator, 'main.3')]).toEqual([2, 6]);
});

describe('the targets', () => {
  const targets = async (options: Record<string, unknown>, steps: number) => {
    torch.manual_seed(0);
    const state = (await train(options, steps)).objects.targets!.state_dict();
    return state as { weight: torch.Tensor; grad: torch.Tensor | null };
  };

  it('stay the identity, while their gradient grows from step to step, as in the document', async () => {
    const [one, three] = [await targets({}, 1), await targets({}, 3)];
    expect(torch.equal(three.weight, torch.eye(3))).toBe(true);
    const size = ({ grad }: { grad: torch.Tensor | null }) => Number(grad!.norm().item());
    expect(size(three)).toBeGreaterThan(size(one));
  });

  it('have no gradient when frozen, and the networks are the same', async () => {
    expect((await targets({ frozen: true }, 1)).grad).toBeNull();
    const weights = async (frozen: boolean) => {
      torch.manual_seed(0);
      return ((await train({ frozen }, 3)).objects.generator as Module).state_dict()['main.0.weight']!;
    };
    expect(torch.equal(await weights(true), await weights(false))).toBe(true);
  });
});

it('pictures have a column for each class, and nothing that training depends on moves', async () => {
  const training = await train({}, 1);
  const stream = torch.get_rng_state();
  const picture = training.samples!.grid();
  expect([picture.shape, training.samples!.columns]).toEqual([[24, 1, 16, 16], 3]);
  expect(torch.equal(picture, training.samples!.grid())).toBe(true);
  expect(torch.equal(torch.get_rng_state(), stream)).toBe(true);
  expect(moves(training.objects.generator, 'main.1')).toBe(1);
});

it('a latent keeps its class, whatever else is drawn with it', async () => {
  const { latents, images } = (await train({}, 1)).samples!;
  const all = torch.cat([0, 1, 2, 3].map((seed) => latents!(1, new torch.Generator().manual_seed(seed))));
  const [together, alone] = [images!(all, {}), torch.cat(all.split(1).map((one) => images!(one, {})))];
  expect(torch.allclose(together, alone, { atol: 1e-5 })).toBe(true);
  expect(all.narrow(1, 4, 3).sum(1).tolist()).toEqual([1, 1, 1, 1]);
  expect(new Set(all.narrow(1, 4, 3).argmax(1).tolist() as number[]).size).toBeGreaterThan(1);
});

it('between two latents the class stays that of the first, and the noise goes its way', async () => {
  const { latents, images, condition } = (await train({}, 1)).samples!;
  expect(condition).toEqual({ name: 'class', size: 3 });
  const seeds = [0, 1, 2, 3].map((seed) => latents!(1, new torch.Generator().manual_seed(seed)));
  const classOf = (latent: torch.Tensor) => latent.narrow(1, 4, 3).argmax(1).item();
  const [first] = seeds;
  const second = seeds.find((latent) => classOf(latent) !== classOf(first!))!;
  const ways = latentsBetween(torch.cat([first!, second]), { frames: 2, path: 'linear', fixed: condition!.size });
  const z = [first!, second].map((latent) => latent.narrow(1, 0, 4));
  const middle = torch.lerp(z[0]!, z[1]!, 0.5);
  const wanted = torch.cat([z[0]!, middle, z[1]!, middle]);
  expect(torch.allclose(ways.narrow(1, 0, 4), wanted)).toBe(true);
  expect(torch.equal(ways.narrow(1, 4, 3), first!.narrow(1, 4, 3).expand(4, -1))).toBe(true);
  expect(torch.equal(images!(ways.narrow(0, 0, 1), {}), images!(first!, {}))).toBe(true);
  // Without it the class goes, too.
  const all = latentsBetween(torch.cat([first!, second]), { frames: 2, path: 'linear' });
  expect(torch.equal(all.get(1).narrow(0, 4, 3), first!.get(0).narrow(0, 4, 3))).toBe(false);
});

it('BatchNorm draws by its buffers, the batch, or statistics taken anew, and is as before afterwards', async () => {
  const { objects, samples } = await train({}, 3);
  const { latents, images } = samples!;
  const generator = objects.generator as Module;
  const before = Object.values(generator.state_dict()).map((tensor) => tensor.clone());
  const of = latents!(6, new torch.Generator().manual_seed(1));
  const [byBuffers, byBatch, anew] = (['eval', 'train', 'standing'] as const).map((batchnorm) =>
    images!(of, { batchnorm }),
  );
  expect([torch.equal(byBuffers!, byBatch!), torch.equal(byBuffers!, anew!), torch.equal(byBatch!, anew!)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(torch.equal(images!(of, { batchnorm: 'standing' }), anew!)).toBe(true);
  expect(Object.values(generator.state_dict()).every((tensor, i) => torch.equal(tensor, before[i]!))).toBe(true);
  expect([...generator.modules()].every((module) => module.training)).toBe(true);
});

it.each([
  [{ image_size: 28 }, 'option image_size takes a power of two from 8 on with network=dcgan, but is 28.'],
  [{ category_num: 9 }, 'option category_num: there is room for 9 classes, but the data have 10.'],
  [{ category_num: 11 }, 'room for 11 classes, but the data have 10. Leave it out for as many as there are.'],
  [{ network: 'mlp', image_size: 0, enlarge: true }, 'option enlarge has no effect with image_size=0'],
  [{ network: 'mlp', width: 4 }, 'option width has no effect with network=mlp'],
  [{ batch_size: 1 }, 'option batch_size takes a whole number from 2 on, but is 1.'],
])('refused: %o', async (given, message) => {
  const run = async () =>
    openTraining({
      recipe: await load(),
      options: readOptionTable(about.options, { limit: 64, ...given }),
      session: readOptionTable(sessionOptions, {}),
    });
  await expect(run()).rejects.toThrow(message);
  await expect(run()).rejects.toThrow(OptionError);
});
