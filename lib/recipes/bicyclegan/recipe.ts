import type { Tensor } from 'isotorch';
import { bicycle_levels } from '../../gan/networks';
import { defineRecipe, OptionError, type Training } from '../../train';
import { feedOf } from '../data';
import { betweenPasses, checkPasses, openPairs } from '../paired';
import { networksFor } from './networks';
import { about, type BicycleGANOptions } from './options';
import { BicycleGANStep } from './phases';
import { BicycleGANView } from './view';

/** Sizes that the networks take. @throws OptionError */
function checkSize(size: number): void {
  try {
    bicycle_levels(size);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new OptionError(`option image_size: ${cause.message}. Give image_size, and the images are resized.`, {
      cause,
    });
  }
}

function check(options: BicycleGANOptions): void {
  const { batch_size, lambda_GAN, lambda_GAN2, use_same_D, image_size, load_size } = options;
  if (batch_size % 2 !== 0) {
    throw new OptionError(`option batch_size is even, because a batch is two halves, but is ${batch_size}.`);
  }
  if (use_same_D && lambda_GAN === 0) {
    throw new OptionError('option use_same_D shares the discriminator that lambda_GAN=0 leaves out: give lambda_GAN.');
  }
  if (lambda_GAN === 0 && lambda_GAN2 === 0 && options.lambda_L1 === 0) {
    throw new OptionError(
      'options lambda_GAN, lambda_GAN2 and lambda_L1 are all 0, so that nothing says what images look like.',
    );
  }
  if (load_size > 0 && image_size === 0) {
    throw new OptionError('option load_size is the size before the crop to image_size: give image_size, too.');
  }
  checkPasses(options);
  if (image_size > 0) checkSize(image_size);
}

const passes = ({ epochs, lr_policy, niter, niter_decay }: BicycleGANOptions): number =>
  epochs > 0 ? epochs : lr_policy === 'linear' ? niter + niter_decay : 200;

/** BicycleGAN, step for step. */
export const bicyclegan = defineRecipe({
  ...about,
  check,
  async open(options) {
    const data = await openPairs(options, options.load_size);
    checkSize(data.size);
    return data;
  },
  build({ options, data, place, session }): Training<readonly Tensor[]> {
    const networks = networksFor(options, data.size, place);
    const { G, E, D, D2, optimizer_G, optimizer_E } = networks;
    const view = new BicycleGANView(networks, options, place, data);
    const feed = feedOf(data.train, options.batch_size, session);
    const optimizers = {
      optimizer_G,
      optimizer_E,
      ...(D && { optimizer_D: D.optimizer }),
      ...(D2 && { optimizer_D2: D2.optimizer }),
    };
    const { objects, ...between } = betweenPasses({
      options,
      optimizers,
      evaluate: () => view.evaluate(),
      metric: options.val_metric,
    });
    return {
      objects: { G, E, ...(D && { D: D.net }), ...(D2 && { D2: D2.net }), ...optimizers, ...objects },
      feed,
      steps: passes(options) * feed.length,
      phases: new BicycleGANStep(networks, options, place, data.size).phases(),
      samples: view.samples(),
      ...between,
    };
  },
});
