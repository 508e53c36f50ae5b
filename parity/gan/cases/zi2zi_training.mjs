// zi2zi's training: networks, optimizers and losses of every port after so many steps, schedule and all.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { openedData, optimizerState, trained } from '../training.mjs';

export const part = 'recipes';
export const python = 'zi2zi_training.py';

const STYLES = 3;

const small = { batch_size: 4, ngf: 2, ndf: 2, embedding_num: STYLES, embedding_dim: 4 };

function pairs(count, size) {
  const generator = new torch.Generator().manual_seed(1);
  const draw = () => torch.rand([count, 1, size, size], { generator }).mul(2).sub(1);
  const parts = [draw(), draw()];
  const labels = Array.from({ length: count }, (_, i) => i % STYLES);
  return openedData(parts, labels, { kind: 'glyphs', channels: 1, size, classes: ['a', 'b', 'c'] });
}

const training =
  (port, { size = 32, ...own } = {}) =>
  async ({ steps }) => {
    const recipe = await recipes.find(({ about }) => about.name === 'zi2zi').load();
    const data = { train: pairs(10, size), unseen: null };
    const { training, values } = await trained(recipe, { data, options: { ...small, port, ...own }, steps });
    const { generator, discriminator, optimizer_G, optimizer_D } = training.objects;
    return {
      generator: generator.state_dict(),
      discriminator: discriminator.state_dict(),
      optimizer_G: optimizerState(optimizer_G),
      optimizer_D: optimizerState(optimizer_D),
      values,
    };
  };

export const cases = {
  euphoria: training('euphoria', { schedule: 2 }),
  xuan_li: training('xuan_li', { size: 64, schedule: 2 }),
  kaonashi: training('kaonashi', { schedule: 2 }),
  max32002: training('max32002'),
};

export const steps = { euphoria: [30, 1000], xuan_li: [30], kaonashi: [30, 1000], max32002: [30, 1000] };
