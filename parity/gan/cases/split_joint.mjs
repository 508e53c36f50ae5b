// Document 4's training in both modes: networks, optimizers, losses and accuracies.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { openedData, optimizerState, trained } from '../training.mjs';

export const part = 'recipes';
export const python = 'split_joint.py';

const training =
  (mode) =>
  async ({ steps }) => {
    const recipe = await recipes.find(({ about }) => about.name === 'split-joint').load();
    const images = torch
      .rand([21, 1, 28, 28], { generator: new torch.Generator().manual_seed(1) })
      .mul(2)
      .sub(1);
    const data = openedData([images], null, { kind: 'images', channels: 1, size: 28, classes: [] });
    const { training, values } = await trained(recipe, { data, options: { mode, batch_size: 5 }, steps });
    const { generator, discriminator, optimizer_generator, optimizer_discriminator } = training.objects;
    return {
      generator: generator.state_dict(),
      discriminator: discriminator.state_dict(),
      optimizer_generator: optimizerState(optimizer_generator),
      optimizer_discriminator: optimizerState(optimizer_discriminator),
      values,
    };
  };

export const cases = { split: training('split'), joint: training('joint') };

export const steps = { split: [30, 1000], joint: [30, 1000] };
