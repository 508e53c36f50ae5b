// StyleGAN's training from 4×4 to 8×8: networks, averages, optimizers, losses and the random stream after so many steps.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { Place, readOptionTable, runSteps } from 'isotorch/train';
import { TensorDataset } from 'isotorch/utils/data';

export const part = 'recipes';
export const python = 'stylegan_recipe.py';

const small = {
  image_size: 8,
  channels: 1,
  latent_size: 8,
  w_size: 8,
  mapping_fmaps: 8,
  fmap_base: 32,
  fmap_max: 8,
  lod_initial_resolution: 4,
  lod_training_kimg: 0.1,
  lod_transition_kimg: 0.1,
  minibatch_dict: { 4: 8, 8: 4 },
  mirror_augment: true,
};

/** Smooth images that differ from each other. */
function images_of() {
  const n = torch.arange(64, { dtype: torch.float32 }).view(-1, 1, 1, 1);
  const [y, x] = [
    torch.arange(8, { dtype: torch.float32 }).view(1, 1, 8, 1),
    torch.arange(8, { dtype: torch.float32 }),
  ];
  return n.mul(7).add(y.mul(3)).add(x.mul(5)).add(x.mul(n)).remainder(17).div(8.5).sub(1);
}

const stylegan = await recipes.find(({ about }) => about.name === 'stylegan').load();

/** @param {Record<string, unknown>} given @param {number} classes */
function training(given, classes = 0) {
  return async ({ steps = 3 }) => {
    const options = readOptionTable(stylegan.options, { ...small, ...given, conditional: classes > 0 });
    const images = images_of();
    const parts = classes > 0 ? [images, torch.arange(64).remainder(classes)] : [images];
    const description = { decoded: true, classes: Array.from({ length: classes }, (_, i) => String(i)) };
    const data = { dataset: new TensorDataset(...parts), description };
    const place = new Place('cpu', false);
    const made = await stylegan.build({ options, data, place, session: { workers: 0 } });
    const losses = {};
    const record = (values, step) => {
      if (step !== steps - 1) return;
      for (const [name, value] of Object.entries(values)) losses[name] = torch.keep(value.detach());
    };
    await runSteps(made, 0, steps, { record });
    const { G, D, Gs, optimizer_G, optimizer_D, progress } = made.objects;
    return {
      G: G.state_dict(),
      D: D.state_dict(),
      Gs: Gs.state_dict(),
      optimizer_G: optimizer_G.state_dict().state,
      optimizer_D: optimizer_D.state_dict().state,
      losses: { D: losses.loss_D, G: losses.loss_G },
      nimg: torch.tensor(BigInt64Array.of(BigInt(progress.cur_nimg))).squeeze(0),
      random: torch.get_rng_state(),
    };
  };
}

export const cases = {
  stylegan: training({}),
  stylegan_wgan_gp: training({ G_loss: 'wgan', D_loss: 'wgan_gp', wgan_target: 2 }),
  stylegan_hinge_gp: training({ G_loss: 'wgan', D_loss: 'hinge_gp', mirror_augment: false }),
  stylegan_wgan: training({ G_loss: 'wgan', D_loss: 'wgan', G_smoothing_kimg: 0 }),
  stylegan_hinge: training({ G_loss: 'wgan', D_loss: 'hinge', D_repeats: 2 }),
  stylegan_logistic: training({ G_loss: 'logistic_saturating', D_loss: 'logistic' }),
  stylegan_conditional: training({ r2_gamma: 1, adam_eps: 'tensorflow', minibatch_repeats: 2 }, 3),
};

/** Layers of 8×8 come in at the 17th step, and are in at the 41st. */
const thirty = Object.keys(cases).map((name) => [name, [30]]);
export const steps = { ...Object.fromEntries(thirty), stylegan: [30, 1000] };
