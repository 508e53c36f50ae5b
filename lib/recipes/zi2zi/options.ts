/** What is said of zi2zi before it is loaded. */
import { aboutRecipe, choice, number, type OptionsOf, whole } from '../../train/options';
import { channelsOption, dataOptions } from '../data/options';

/** The implementations whose steps can be trained. */
export const ports = ['euphoria', 'xuan_li', 'kaonashi', 'max32002'] as const;

/** Name of an implementation. */
export type PortName = (typeof ports)[number];

/** What an implementation has where nothing is given. */
const USUAL = { schedule: 20, L1_penalty: 100 };
const PORT_DEFAULTS: Readonly<Record<PortName, typeof USUAL>> = {
  euphoria: USUAL,
  xuan_li: USUAL,
  kaonashi: { ...USUAL, schedule: 10 },
  max32002: { ...USUAL, L1_penalty: 97 },
};

export const about = aboutRecipe({
  name: 'zi2zi',
  summary: 'characters of one font into those of others, by pairs and a style embedding',
  source: 'EuphoriaYan/zi2zi-pytorch, and the differences of its relatives; document 1 begins where they end',
  options: {
    ...dataOptions({ image_size: 256 }),
    port: choice(ports, 'euphoria', {
      about:
        'whose step: losses, number of generator updates, schedule, kind of discriminator; ' +
        "the generator is euphoria's also with max32002, which has another, and kaonashi is without its label shuffle",
    }),
    channels: channelsOption(1),
    batch_size: whole(16, { least: 1, about: 'pairs of a batch' }),
    epochs: whole(100, { least: 1, about: 'passes over the data' }),
    lr: number(1e-3, { above: 0, about: 'learning rate of both networks at the start' }),
    schedule: whole(0, {
      about: `passes after which the learning rate is halved; 0 is the port's, ${PORT_DEFAULTS.kaonashi.schedule} for kaonashi and ${USUAL.schedule} for others`,
      only: { port: ['euphoria', 'xuan_li', 'kaonashi'] },
    }),
    ngf: whole(64, { least: 1, about: "feature maps of the generator's outermost layer" }),
    ndf: whole(64, { least: 1, about: "feature maps of the discriminator's first layer" }),
    embedding_num: whole(0, {
      about: 'styles that there is room for; 0 is as many as the data have, where the ports have 40',
    }),
    embedding_dim: whole(128, { least: 1, about: 'numbers that describe a style' }),
    L1_penalty: number(-1, {
      least: -1,
      about: `weight of the distance to the target; -1 is the port's, ${PORT_DEFAULTS.max32002.L1_penalty} for max32002 and ${USUAL.L1_penalty} for others`,
    }),
    Lconst_penalty: number(15, {
      least: 0,
      about: 'weight of the distance of encodings',
      only: { port: ['euphoria', 'kaonashi', 'max32002'] },
    }),
    Lcategory_penalty: number(1, { least: 0, about: 'weight of the style that the discriminator sees' }),
  },
  session: { seed: 777 },
});

/** The recipe's options. */
type Zi2ziOptions = OptionsOf<typeof about.options>;

/** The options with the port's values where none were given. */
export function withPort(options: Zi2ziOptions): Zi2ziOptions {
  const { schedule, L1_penalty } = PORT_DEFAULTS[options.port];
  return {
    ...options,
    schedule: options.schedule || schedule,
    L1_penalty: options.L1_penalty < 0 ? L1_penalty : options.L1_penalty,
  };
}
