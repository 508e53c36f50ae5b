/** What is said of `combined` before it is loaded. */
import { aboutRecipe, choice, flag, number, whole } from '../../train/options';
import { channelsOption, dataOptions } from '../data/options';

export const about = aboutRecipe({
  name: 'combined',
  summary: 'images of given classes, by one loss for real-or-not and for the class',
  source: 'document 1: CombinedLoss and its train()',
  options: {
    ...dataOptions({ data: 'mnist', image_size: 32 }),
    channels: channelsOption(1),
    network: choice(['dcgan', 'mlp'], 'dcgan', {
      about: 'the document leaves networks open: convolutions for sizes of powers of two, or perceptrons for any',
    }),
    width: whole(32, { least: 1, about: 'feature maps of the largest layer', only: { network: ['dcgan'] } }),
    category_num: whole(0, { about: 'classes that there is room for; 0 is as many as the data have' }),
    latent_dim: whole(100, { least: 1, about: 'numbers of noise' }),
    batch_size: whole(64, { least: 2, about: 'images of a batch; BatchNorm needs two' }),
    epochs: whole(10, { least: 1, about: 'passes over the data' }),
    lr: number(2e-4, { above: 0, about: 'learning rate of both networks' }),
    lambda_category: number(1, { least: 0, about: 'weight of the class' }),
    lambda_binary: number(1, { least: 0, about: 'weight of real-or-not' }),
    frozen: flag(false, {
      about:
        "keep the loss's identity matrix out of the gradients; without it their sum grows, unused, as in the document",
    }),
  },
});
