// Document 1's training: networks, optimizers, losses, and the gradient that piles up in the loss's targets.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { openedData, optimizerState, trained } from '../training.mjs';

export const part = 'recipes';
export const python = 'combined.py';

const CLASSES = 3;

function samples(size) {
  const generator = new torch.Generator().manual_seed(1);
  const images = torch.rand([21, 1, size, size], { generator }).mul(2).sub(1);
  const labels = Array.from({ length: 21 }, (_, i) => i % CLASSES);
  return openedData([images], labels, { kind: 'labelled', channels: 1, size, classes: ['a', 'b', 'c'] });
}

const training =
  (size, options) =>
  async ({ steps }) => {
    const recipe = await recipes.find(({ about }) => about.name === 'combined').load();
    const given = { batch_size: 5, latent_dim: 8, category_num: CLASSES, ...options };
    const { training, values } = await trained(recipe, { data: samples(size), options: given, steps });
    const { generator, discriminator, optimizer_G, optimizer_D, targets } = training.objects;
    return {
      generator: generator.state_dict(),
      discriminator: discriminator.state_dict(),
      optimizer_G: optimizerState(optimizer_G),
      optimizer_D: optimizerState(optimizer_D),
      targets: targets.state_dict(),
      values,
    };
  };

export const cases = {
  convolutions: training(16, { width: 4 }),
  perceptrons: training(6, { network: 'mlp' }),
  weights: training(16, { width: 4, lambda_category: 0.5, lambda_binary: 2 }),
};

export const steps = { convolutions: [30, 1000], perceptrons: [30], weights: [30] };
