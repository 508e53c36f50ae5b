// Steps of recipes, without their run folders: the very cases of `npm run parity:gan`, so that both sides do the same work.
import * as torch from 'isotorch';
import { recipes } from 'isotorch/recipes';
import { Place, readOptionTable, runSteps, sessionOptions } from 'isotorch/train';

/** Recipes at small size, by name in the table of cases: file of parity/gan/cases/ and case in it. */
export const SMALL_RECIPES = {
  combined_mlp: ['combined', 'perceptrons'],
  combined: ['combined', 'convolutions'],
  zi2zi: ['zi2zi_training', 'euphoria'],
  bicyclegan: ['bicycle_recipes', 'bicyclegan, smallest'],
  bicycle_doc: ['bicycle_recipes', 'bicycle-doc'],
  split_joint: ['split_joint', 'split'],
  stylegan: ['stylegan_recipe', 'stylegan'],
  stylegan2: ['stylegan2_recipe', 'stylegan2'],
};

/** A case of so many steps. What a case does besides its steps is there with one step, too: `base` is taken off. */
function steps_of([subject, name]) {
  const run = async (steps) => {
    const { cases } = await import(`../parity/gan/cases/${subject}.mjs`);
    await torch.scope(() => cases[name]({ steps }));
  };
  return Object.assign(run, { base: 1 });
}

/** Images of ten classes that a training of `combined` sees. */
class Images extends torch.utils.data.Dataset {
  constructor(size) {
    super();
    this.images = torch.rand(64, 3, size, size).mul(2).sub(1);
  }

  __len__() {
    return 64;
  }

  __getitem__(index) {
    return [this.images.get(index), BigInt(index % 10)];
  }
}

/** Document 1's training with DCGAN's networks at their own size. */
function dcgan_64(device, fast, batch_size) {
  const size = 64;
  let training;
  let step = 0;
  return async (steps) => {
    if (training === undefined) {
      const recipe = await recipes.find(({ about }) => about.name === 'combined').load();
      const options = readOptionTable(recipe.options, { image_size: size, channels: 3, width: 64, batch_size });
      const classes = Array.from({ length: 10 }, (_, i) => String(i));
      const description = { kind: 'labelled', channels: 3, size, range: [-1, 1], classes, count: 64, decoded: true };
      const data = { dataset: new Images(size), description: { ...description, ignored: [] }, nameOf: String };
      const session = readOptionTable(sessionOptions, {});
      training = await recipe.build({ options, data, place: new Place(device, fast), session });
    }
    await runSteps(training, step, steps);
    step += steps;
  };
}

/** By name in `bench/work.mjs`. */
export const recipeSteps = {
  ...Object.fromEntries(
    Object.entries(SMALL_RECIPES).map(([name, where]) => [`recipe_${name}`, () => steps_of(where)]),
  ),
  recipe_dcgan_64: (device, _scope, batch = 16) => dcgan_64(device, false, batch),
  recipe_dcgan_64_fast: (device, _scope, batch = 16) => dcgan_64(device, true, batch),
};
