// lucidrains' training, through the session's steps: all state after them, and every loss; test/reference/stylegan2_recipe.py.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { Place, readOptionTable, runSteps, sessionOptions } from 'isotorch/train';
import { TensorDataset } from 'isotorch/utils/data';

export const part = 'recipes';
export const python = 'stylegan2_recipe.py';

const COUNT = 14;
const TINY = { image_size: 8, latent_dim: 16, style_depth: 2, network_capacity: 2, fmap_max: 8, batch_size: 3 };
const SMALL = { image_size: 16, latent_dim: 32, style_depth: 3, network_capacity: 4, fmap_max: 32, batch_size: 4 };

async function trainingOf(given) {
  const recipe = await recipes.find(({ about }) => about.name === 'stylegan2').load();
  const options = readOptionTable(recipe.options, given);
  const generator = new torch.Generator().manual_seed(7);
  const images = torch.rand(COUNT, options.transparent ? 4 : 3, options.image_size, options.image_size, { generator });
  const data = { dataset: new TensorDataset(images), description: { decoded: true, count: COUNT } };
  const session = readOptionTable(sessionOptions, {});
  return recipe.build({ options, data, place: new Place('cpu', false), session });
}

function stateOf({ GAN, optimizer_G, optimizer_D, path_length }) {
  const out = {};
  for (const [key, value] of Object.entries(GAN.state_dict())) {
    if (!key.startsWith('D_aug')) out[`GAN.${key}`] = value;
  }
  for (const [name, optimizer] of Object.entries({ G: optimizer_G, D: optimizer_D })) {
    for (const [i, state] of Object.entries(optimizer.state_dict().state)) {
      for (const [key, value] of Object.entries(state)) out[`optimizer_${name}.${i}.${key}`] = value;
    }
  }
  const mean = torch.tensor(path_length.value ?? Number.NaN, { dtype: torch.float64 });
  return { ...out, pl_mean: mean, draw: torch.rand(3) };
}

const recipe =
  (given, first = 0) =>
  async ({ steps }) => {
    const training = await trainingOf(given);
    const rows = Array.from({ length: steps }, () => ({}));
    const record = (values, step) => {
      for (const [name, value] of Object.entries(values)) rows[step - first][name] = value.item();
    };
    await runSteps(training, first, steps, { record });
    const losses = rows.map(({ loss_D, loss_G }) => [loss_D, loss_G]);
    return { losses: torch.tensor(losses, { dtype: torch.float64 }), ...stateOf(training.objects) };
  };

export const cases = {
  stylegan2: recipe(SMALL),
  'stylegan2, smallest': recipe(TINY),
  'stylegan2, dual contrastive': recipe({ ...TINY, dual_contrast_loss: true }),
  'stylegan2, dual contrastive, cooperative roles': recipe({
    ...TINY,
    dual_contrast_loss: true,
    generator_roles: 'cooperative',
  }),
  'stylegan2, 1.8': recipe({ ...TINY, gp_center: 1 }),
  'stylegan2, accumulation, relative, top-k': recipe({
    ...TINY,
    gradient_accumulate_every: 3,
    rel_disc_loss: true,
    top_k_training: true,
    ttur_mult: 1.5,
  }),
  'stylegan2, augmentation': recipe({ ...SMALL, aug_prob: 0.7, aug_types: 'translation,cutout,color,offset' }),
  'stylegan2, augmentation by the number of images': recipe({ ...TINY, aug_prob: -1 }),
  'stylegan2, transparent': recipe({ ...SMALL, transparent: true, aug_prob: 0.7, aug_types: 'color,cutout' }),
  'stylegan2, attention and quantisation': recipe({ ...SMALL, attn_layers: [1], fq_layers: [2], fq_dict_size: 8 }),
  'stylegan2, path length': recipe(TINY, 5024),
  'stylegan2, path length in float64': recipe(
    { ...TINY, pl_mean_dtype: 'float64', gradient_accumulate_every: 2 },
    5024,
  ),
  'stylegan2, averages': recipe(TINY, 20009),
};

export const steps = {
  ...Object.fromEntries(Object.keys(cases).map((name) => [name, [30]])),
  'stylegan2, smallest': [30, 1000],
  'stylegan2, path length': [70],
  'stylegan2, path length in float64': [70],
};
