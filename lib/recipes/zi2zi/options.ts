/** What is said of zi2zi before it is loaded. */
import { aboutRecipe, choice, flag, number, type OptionsOf, whole } from '../../train/options';
import { channelsOption, dataOptions } from '../data/options';

/** The implementations whose steps can be trained. */
export const ports = ['euphoria', 'xuan_li', 'kaonashi', 'max32002'] as const;

/** Name of an implementation. */
export type PortName = (typeof ports)[number];

/** Where an option that is left open has a value of each port's. */
interface PortDefaults {
  schedule: number;
  L1_penalty: number;
  augment: 'on' | 'off';
}

/** What an implementation has where nothing is given. */
const USUAL: PortDefaults = { schedule: 20, L1_penalty: 100, augment: 'on' };
const PORT_DEFAULTS: Readonly<Record<PortName, PortDefaults>> = {
  euphoria: USUAL,
  xuan_li: USUAL,
  kaonashi: { ...USUAL, schedule: 10 },
  max32002: { ...USUAL, L1_penalty: 97, augment: 'off' },
};

/** What only the TensorFlow original has. */
const KAONASHI = { only: { port: ['kaonashi'] } };
/** What only max32002's has. */
const MAX32002 = { only: { port: ['max32002'] } };

export const about = aboutRecipe({
  name: 'zi2zi',
  summary: 'characters of one font into those of others, by pairs and a style embedding',
  source: 'EuphoriaYan/zi2zi-pytorch, and the differences of its relatives; document 1 begins where they end',
  options: {
    ...dataOptions({ image_size: 256 }),
    port: choice(ports, 'euphoria', {
      about: 'whose losses, order and number of updates, schedule, and networks; kaonashi is the TensorFlow original',
    }),
    augment: choice(['port', 'on', 'off'], 'port', {
      about:
        'enlarge pairs, cut a part out, and blur some, each as the port does; port is on, but off for max32002, which has it and does not use it',
    }),
    channels: channelsOption(1),
    batch_size: whole(16, { least: 1, about: 'pairs of a batch' }),
    epochs: whole(100, { least: 1, about: 'passes over the data' }),
    lr: number(1e-3, { above: 0, about: 'learning rate of both networks at the start' }),
    lr_D: number(0, {
      least: 0,
      about: "the discriminator's learning rate at the start; 0 is lr",
      ...MAX32002,
    }),
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
    Ltv_penalty: number(0, { least: 0, about: 'weight of what neighbouring pixels of a fake differ by', ...KAONASHI }),
    label_shuffle: flag(false, {
      about: "also train on fakes in the styles of the batch's other characters, which have no targets (flip_labels)",
      ...KAONASHI,
    }),
    norm_type: choice(['instance', 'batch'], 'instance', { about: 'normalisation in both networks', ...MAX32002 }),
    d_spectral_norm: flag(false, { about: "spectral normalisation of the discriminator's layers", ...MAX32002 }),
    freeze_encoder: flag(false, { about: "leave the generator's encoder as it is, for fine-tuning", ...KAONASHI }),
  },
  session: { seed: 777 },
});

/** The recipe's options. */
type Zi2ziOptions = OptionsOf<typeof about.options>;

/** The options with the port's values where none were given. */
export function withPort(options: Zi2ziOptions): Zi2ziOptions & PortDefaults {
  const { schedule, L1_penalty, augment } = PORT_DEFAULTS[options.port];
  return {
    ...options,
    augment: options.augment === 'port' ? augment : options.augment,
    schedule: options.schedule || schedule,
    L1_penalty: options.L1_penalty < 0 ? L1_penalty : options.L1_penalty,
  };
}
