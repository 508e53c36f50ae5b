// The trainings of BicycleGAN and of document 2, through the session's steps: all state after them, every loss and every
// measurement; test/reference/bicycle_recipes.py.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { Place, readOptionTable, runSteps, sessionOptions } from 'isotorch/train';
import { TensorDataset } from 'isotorch/utils/data';

export const part = 'recipes';
export const python = 'bicycle_recipes.py';

const COUNT = 14;
const SMALL = { image_size: 64, batch_size: 4, ngf: 4, ndf: 4, nef: 4, channels: 1, nz: 2 };
const TINY = { image_size: 32, batch_size: 2, ngf: 2, ndf: 2, nef: 2, channels: 1, nz: 2 };
const DOCUMENT = { image_size: 16, batch_size: 4, width: 4, channels: 1, nz: 3, monitor_every: 2 };

async function trainingOf(name, given) {
  const recipe = await recipes.find(({ about }) => about.name === name).load();
  const options = readOptionTable(recipe.options, given);
  const { channels, image_size, load_size = 0 } = options;
  const size = load_size || image_size;
  const generator = new torch.Generator().manual_seed(7);
  const side = () => torch.rand(COUNT, channels, size, size, { generator }).mul(2).sub(1);
  const [A, B] = [side(), side()];
  const train = { dataset: new TensorDataset(A, B), description: { decoded: true, count: COUNT, size } };
  const session = readOptionTable(sessionOptions, {});
  const data = { train, held: { A, B }, size: image_size };
  return recipe.build({ options, data, place: new Place('cpu', false), session });
}

/** Everything that the objects hold, the networks' gradients too. */
function stateOf(networks, optimizers) {
  const out = {};
  for (const [name, net] of Object.entries(networks)) {
    for (const [key, value] of Object.entries(net.state_dict())) out[`${name}.${key}`] = value;
    for (const [key, parameter] of net.named_parameters()) {
      if (parameter.grad !== null) out[`${name}.grad.${key}`] = parameter.grad;
    }
  }
  for (const [name, optimizer] of Object.entries(optimizers)) {
    for (const [i, state] of Object.entries(optimizer.state_dict().state)) {
      for (const [key, value] of Object.entries(state)) out[`${name}.${i}.${key}`] = value;
    }
    out[`${name}.lr`] = torch.tensor(optimizer.param_groups[0].lr, { dtype: torch.float64 });
  }
  out.draw = torch.rand(3);
  out.python = torch.tensor(torch.random.python.random(), { dtype: torch.float64 });
  return out;
}

/** Runs steps; what the phases return, a list of objects. */
async function trained(training, steps = 3) {
  const rows = Array.from({ length: steps }, () => ({}));
  const record = (values, step) => {
    for (const [name, value] of Object.entries(values)) rows[step][name] = value.item();
  };
  await runSteps(training, 0, steps, { record });
  return rows;
}

const table = (rows) => torch.tensor(rows, { dtype: torch.float64 });

const ours =
  (given) =>
  async ({ steps }) => {
    const training = await trainingOf('bicyclegan', given);
    const rows = await trained(training, steps);
    const names = ['G', 'E', 'D', 'D2'].filter((name) => name in training.objects);
    const pick = (prefix) => Object.fromEntries(names.map((name) => [name, training.objects[prefix + name]]));
    return { losses: table(rows.map((row) => Object.values(row))), ...stateOf(pick(''), pick('optimizer_')) };
  };

const documented =
  (given) =>
  async ({ steps }) => {
    const training = await trainingOf('bicycle-doc', { ...DOCUMENT, ...given });
    const rows = await trained(training, steps);
    const { G, F, E, D, optimizer_G, optimizer_D } = training.objects;
    const losses = ['loss_D', 'loss_G', 'loss_adv', 'loss_cyc', 'loss_latent'];
    const measures = ['D_real_acc', 'D_fake_acc', 'Cyc_error', 'Latent_mse', 'loss_ratio'];
    const measured = rows.filter((row) => 'Cyc_error' in row);
    return {
      losses: table(rows.map((row) => losses.map((name) => row[name]))),
      ...stateOf({ G, F, E, D }, { optimizer_G, optimizer_D }),
      measured: table(measured.map((row) => measures.map((name) => row[name]))),
    };
  };

export const cases = {
  bicyclegan: ours(SMALL),
  'bicyclegan, smallest': ours(TINY),
  'bicyclegan, crop in colour': ours({ ...SMALL, channels: 3, load_size: 72, nz: 8 }),
  'bicyclegan, batch norm, add_input, conv': ours({
    ...SMALL,
    norm: 'batch',
    where_add: 'input',
    netE: 'conv',
    use_dropout: true,
    flip: false,
  }),
  'bicyclegan, conditional, vanilla, same D': ours({
    ...TINY,
    conditional_D: true,
    gan_mode: 'vanilla',
    use_same_D: true,
    lr_policy: 'step',
    lr_decay_iters: 2,
  }),
  'bicyclegan, wgangp, one scale': ours({ ...TINY, gan_mode: 'wgangp', num_Ds: 1, lr_policy: 'cosine', niter: 3 }),
  'bicyclegan, lsgan, one scale': ours({ ...TINY, batch_size: 4, num_Ds: 1, niter: 1, niter_decay: 30 }),
  'bicyclegan, without D, codes and KL': ours({ ...TINY, lambda_GAN: 0, lambda_z: 0, lambda_kl: 0 }),
  'bicycle-doc': documented({}),
  'bicycle-doc, smallest': documented({ image_size: 8, batch_size: 2, width: 2 }),
  'bicycle-doc, literal': documented({ accuracy: 'literal' }),
  'bicycle-doc, logits, saturating, image': documented({
    adversarial_loss: 'bce_logits',
    generator_loss: 'saturating',
    output: 'image',
    latent_loss: 'mse',
    train_F: 'with_G',
  }),
  'bicycle-doc, lsgan, both cycles, again': documented({
    adversarial_loss: 'lsgan',
    backward_cycle: 'yes',
    cycle_loss: 'mse',
    latent_loss: 'l1',
    fake_y: 'again',
    channels: 3,
  }),
};

export const steps = {
  ...Object.fromEntries(Object.keys(cases).map((name) => [name, [30]])),
  'bicyclegan, smallest': [30, 1000],
  'bicycle-doc, smallest': [30, 1000],
};
