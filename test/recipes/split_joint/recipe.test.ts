// What document 4's step does to buffers; test/parity and parity/gan have its numbers, every_recipe.test.ts its resuming.
import * as torch from 'isotorch';
import type { Module } from 'isotorch/nn';
import { recipes } from 'isotorch/recipes';
import { openTraining, readOptionTable, sessionOptions } from 'isotorch/train';
import { expect, it } from 'vitest';
import { givenData, trainedOn } from '../given_data';

const { about, load } = recipes.find((entry) => entry.about.name === 'split-joint')!;
const train = async (mode: string, steps: number) =>
  trainedOn(await load(), givenData('images', 16, 28, ['a']), { batch_size: 8, mode }, steps);

it.each([
  ['split', 3],
  ['joint', 2],
])("%s moves D's BatchNorm %i times a step, and G's twice", async (mode, times) => {
  const { generator, discriminator } = (await train(mode, 2)).objects as Record<string, Module>;
  const moves = (net: Module, key: string) => Number(net.state_dict()[`${key}.num_batches_tracked`]!.item());
  expect([moves(generator!, 'paint.0'), moves(discriminator!, 'layers.3')]).toEqual([4, 2 * times]);
});

it('both modes begin alike', async () => {
  const pictures = [];
  for (const mode of ['split', 'joint']) {
    torch.manual_seed(0);
    pictures.push((await train(mode, 0)).samples!.grid());
  }
  expect(torch.equal(pictures[0]!, pictures[1]!)).toBe(true);
});

it('pictures move nothing that training depends on', async () => {
  const training = await train('split', 1);
  const { generator } = training.objects as Record<string, Module>;
  const before = Object.values(generator!.state_dict()).map((tensor) => tensor.clone());
  const stream = torch.get_rng_state();
  expect(training.samples!.grid().shape).toEqual([64, 1, 28, 28]);
  expect(torch.equal(torch.get_rng_state(), stream)).toBe(true);
  expect(Object.values(generator!.state_dict()).every((tensor, i) => torch.equal(tensor, before[i]!))).toBe(true);
});

it('the networks take images of 28 only', async () => {
  const run = openTraining({
    recipe: await load(),
    options: readOptionTable(about.options, { image_size: 32, limit: 8 }),
    session: readOptionTable(sessionOptions, {}),
  });
  await expect(run).rejects.toThrow('option image_size: the networks are made for 28, not 32.');
});

it('digits of MNIST are judged, other images not', async () => {
  const session = readOptionTable(sessionOptions, {});
  const options = readOptionTable(about.options, { limit: 64, batch_size: 32 });
  const { training } = await openTraining({ recipe: await load(), options, session });
  expect(training.evaluate).toBeTypeOf('function');
  expect((await train('split', 0)).evaluate).toBeUndefined();
});
