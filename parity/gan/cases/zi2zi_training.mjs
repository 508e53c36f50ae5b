// zi2zi's training: networks, optimizers and losses of every port after so many steps, schedule and all.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { openedData, optimizerState, trained } from '../training.mjs';

export const part = 'recipes';
export const python = 'zi2zi_training.py';

const STYLES = 3;

const small = { augment: 'off', batch_size: 4, ngf: 2, ndf: 2, embedding_num: STYLES, embedding_dim: 4 };

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

const kaonashi = (own) => training('kaonashi', { schedule: 2, ...own });
const max32002 = (own) => training('max32002', { size: 64, ...own });

export const cases = {
  euphoria: training('euphoria', { schedule: 2 }),
  xuan_li: training('xuan_li', { size: 64, schedule: 2 }),
  kaonashi: kaonashi(),
  'kaonashi, shuffled labels': kaonashi({ label_shuffle: true }),
  'kaonashi, fine-tuning with variation': kaonashi({ label_shuffle: true, freeze_encoder: true, Ltv_penalty: 0.25 }),
  'euphoria, augmented': training('euphoria', { schedule: 2, augment: 'port' }),
  'kaonashi, shuffled labels, augmented': kaonashi({ label_shuffle: true, augment: 'port' }),
  max32002: max32002(),
  'max32002, D slower': max32002({ lr_D: 5e-4 }),
  'max32002, batch and spectral norm': max32002({ norm_type: 'batch', d_spectral_norm: true }),
};

export const steps = {
  euphoria: [30, 1000],
  xuan_li: [30],
  kaonashi: [30, 1000],
  'kaonashi, shuffled labels': [30, 1000],
  'kaonashi, fine-tuning with variation': [30],
  'euphoria, augmented': [30],
  'kaonashi, shuffled labels, augmented': [30],
  max32002: [30, 1000],
  'max32002, D slower': [30],
  'max32002, batch and spectral norm': [30],
};
