import type { Tensor } from 'isotorch';
import { defineRecipe, OptionError, type Training } from '../../train';
import { feedOf } from '../data';
import { betweenPasses, checkPasses, openPairs } from '../paired';
import { networksFor } from './networks';
import { about } from './options';
import { BicycleDocStep } from './phases';
import { BicycleDocView } from './view';

/** Document 2 as it is written, step for step. */
export const bicycle_doc = defineRecipe({
  ...about,
  check: checkPasses,
  async open(options) {
    const data = await openPairs(options, 0);
    if (data.size < 8 || data.size % 4 !== 0) {
      throw new OptionError(
        `option image_size: the networks take multiples of 4 from 8 on, not ${data.size}. Give image_size, and the images are resized.`,
      );
    }
    return data;
  },
  build({ options, data, place, session }): Training<readonly Tensor[]> {
    const networks = networksFor(options, place);
    const { optimizer_G, optimizer_D } = networks;
    const view = new BicycleDocView(networks, options, place, data);
    const step = new BicycleDocStep(networks, options, place);
    const feed = feedOf(data.train, options.batch_size, session);
    const { objects, ...between } = betweenPasses({
      options,
      optimizers: { optimizer_G, optimizer_D },
      evaluate: () => view.evaluate(),
      metric: options.val_metric,
    });
    return {
      objects: { ...networks, jumps: step.jumps, ...objects },
      feed,
      steps: options.epochs * feed.length,
      phases: step.phases(),
      samples: view.samples(),
      ...between,
    };
  },
});
