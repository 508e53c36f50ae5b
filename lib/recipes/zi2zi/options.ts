/** What is said of zi2zi before it is loaded. */
import { aboutRecipe, choice, number, whole } from '../../train/options';
import { channelsOption, dataOptions } from '../data/options';

/** The implementations whose steps can be trained. */
export const ports = ['euphoria', 'xuan_li', 'kaonashi', 'max32002'] as const;

/** Name of an implementation. */
export type PortName = (typeof ports)[number];

export const about = aboutRecipe({
  name: 'zi2zi',
  summary: 'characters of one font into those of others, by pairs and a style embedding',
  source: 'EuphoriaYan/zi2zi-pytorch, and the differences of its relatives; document 1 begins where they end',
  options: {
    ...dataOptions({ image_size: 256 }),
    port: choice(ports, 'euphoria', {
      about: 'whose step: losses, number of generator updates, schedule, kind of discriminator',
    }),
    channels: channelsOption(1),
    batch_size: whole(16, { least: 1, about: 'pairs of a batch' }),
    epochs: whole(100, { least: 1, about: 'passes over the data' }),
    lr: number(1e-3, { above: 0, about: 'learning rate of both networks at the start' }),
    schedule: whole(20, {
      least: 1,
      about: 'passes after which the learning rate is halved',
      only: { port: ['euphoria', 'xuan_li', 'kaonashi'] },
    }),
    ngf: whole(64, { least: 1, about: "feature maps of the generator's outermost layer" }),
    ndf: whole(64, { least: 1, about: "feature maps of the discriminator's first layer" }),
    embedding_num: whole(40, { least: 1, about: 'styles that there is room for' }),
    embedding_dim: whole(128, { least: 1, about: 'numbers that describe a style' }),
    L1_penalty: number(100, { least: 0, about: 'weight of the distance to the target' }),
    Lconst_penalty: number(15, {
      least: 0,
      about: 'weight of the distance of encodings',
      only: { port: ['euphoria', 'kaonashi', 'max32002'] },
    }),
    Lcategory_penalty: number(1, { least: 0, about: 'weight of the style that the discriminator sees' }),
  },
  session: { seed: 777 },
});
