/** What is said of split-joint before it is loaded. */
import { aboutRecipe, choice, number, whole } from '../../train/options';
import { dataOptions } from '../data/options';

/** How the discriminator sees the two halves of its batch. */
export type BatchMode = 'split' | 'joint';

/** Every mode, in the order in which they are run and reported. */
export const batchModes = ['split', 'joint'] as const satisfies readonly BatchMode[];

/** Height and width of the images that the networks are made for. */
export const imageSize = 28;

export const about = aboutRecipe({
  name: 'split-joint',
  summary: 'digits, with real and fake ones in batches of their own or in one, for which BatchNorm makes a difference',
  source: 'document 4: two ways to write one training, of which one fails',
  options: {
    ...dataOptions({ data: 'mnist', image_size: imageSize }),
    mode: choice(batchModes, 'split', { about: 'real and fake images in two forward passes, or in one' }),
    batch_size: whole(64, { least: 2, most: 60_000, about: 'images of a batch; BatchNorm needs two' }),
    epochs: whole(3, { least: 1, about: 'passes over the data' }),
    lr_generator: number(2e-3, { above: 0, about: "the generator's learning rate" }),
    lr_discriminator: number(1e-3, { above: 0, about: "the discriminator's learning rate" }),
  },
  session: { seed: 0 },
});
