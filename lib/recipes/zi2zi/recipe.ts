/** zi2zi: a U-Net learns to write characters in the styles of other fonts, from pairs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import type { Optimizer } from 'isotorch/optim';
import { defineRecipe, OptionError, type Phase } from '../../train';
import { checkRoom, feedOf, openForRecipe } from '../data';
import { checkPowerOfTwo } from '../power_of_two';
import { augmentationOf, unchanged } from './augment';
import { about, withPort } from './options';
import { Zi2ziLosses } from './losses';
import { max32002Phases } from './max32002_training';
import { networksFor } from './networks';
import type { Zi2ziParts } from './parts';
import { Gallery } from './pictures';
import { type Port, portTable } from './ports';
import { tensorflowPhases } from './tensorflow_training';
import { portedPhases } from './training';

const phasesOf: Readonly<Record<Port['step'], (parts: Zi2ziParts) => Phase<readonly Tensor[]>[]>> = {
  ported: portedPhases,
  tensorflow: tensorflowPhases,
  max32002: max32002Phases,
};

/** Sizes that the networks take. @throws OptionError */
function checkSize(size: number, name: keyof typeof portTable): void {
  const { generator, kernel_size } = portTable[name];
  const because = `port=${name}`;
  if (generator !== 'pixel_shuffle')
    checkPowerOfTwo('image_size', size, { least: kernel_size === 4 ? 64 : 32, because });
  else if (size % 64 !== 0)
    throw new OptionError(`option image_size takes a multiple of 64 with ${because}, but is ${size}.`);
}

function setRate({ param_groups }: Optimizer, lr: number): void {
  for (const group of param_groups) group.lr = lr;
}

export const zi2zi = defineRecipe({
  ...about,

  check({ port, batch_size, ngf, L1_penalty }) {
    if (port === 'kaonashi' && batch_size < 2) {
      throw new OptionError(
        'option batch_size is 2 or more with port=kaonashi, whose innermost feature maps are one pixel that BatchNorm sees.',
      );
    }
    if (port === 'max32002' && ngf < 2) {
      throw new OptionError('option ngf is 2 or more with port=max32002, which attends through an eighth of 4·ngf.');
    }
    if (L1_penalty < 0 && L1_penalty !== -1) {
      throw new OptionError(`option L1_penalty is 0 or more, or -1 for the port's, but is ${L1_penalty}.`);
    }
  },

  async open(options) {
    const { data, channels, embedding_num, port } = options;
    const train = await openForRecipe(options, { kind: 'glyphs', channels });
    const { size, classes } = train.description;
    checkSize(size, port);
    checkRoom('embedding_num', embedding_num, classes.length, 'styles');
    if (!existsSync(join(data, 'unseen'))) return { train, unseen: null };
    const unseen = await openForRecipe({ ...options, limit: 0 }, { kind: 'glyphs', channels, split: 'unseen' });
    if (unseen.description.classes.join('\0') !== classes.join('\0')) {
      throw new OptionError(`option data: ${data}/unseen has other styles than ${data}/train.`);
    }
    return { train, unseen };
  },

  async build({ options: given, data, place, session }) {
    const options = withPort(given);
    const { lr, lr_D, schedule, label_shuffle, freeze_encoder } = options;
    const { size: image_size, classes } = data.train.description;
    const embedding_num = options.embedding_num || classes.length;
    const port = portTable[options.port];
    const { generator, discriminator } = networksFor(port, { ...options, image_size, embedding_num }, place);
    if (!port.embedding) generator.embedder.requires_grad_(false);
    for (const [name, parameter] of generator.named_parameters()) {
      if (freeze_encoder && name.startsWith('g_e')) parameter.requires_grad_(false);
    }
    const trained = generator.parameters().filter((parameter) => parameter.requires_grad);
    const betas = [0.5, 0.999] as const;
    const rates = (epochs: number) => port.rates({ G: lr, D: lr_D || lr }, schedule, epochs);
    const start = rates(0);
    const optimizer_G = place.adam(trained, { lr: start.G, betas });
    const optimizer_D = place.adam(discriminator.parameters(), { lr: start.D, betas });
    const losses = new Zi2ziLosses(port, options, embedding_num);
    losses.category.to(place.device);
    const feed = feedOf(data.train, options.batch_size, session, { drop_last: port.step === 'tensorflow' });
    const gallery = await Gallery.of(data.unseen ?? data.train);
    const augment = options.augment === 'on' ? augmentationOf(options.port) : unchanged;
    const trainable = { generator, discriminator, optimizer_G, optimizer_D };
    const parts = { ...trainable, losses, port, place, augment, label_shuffle };
    return {
      objects: trainable,
      feed,
      steps: options.epochs * feed.length,
      phases: phasesOf[port.step](parts),
      samples: gallery.samples(generator, place),
      passEnd(epoch): Record<string, number> {
        const { G, D } = rates(epoch);
        setRate(optimizer_G, G);
        setRate(optimizer_D, D);
        return D === G ? { lr: G } : { lr: G, lr_D: D };
      },
      evaluate: () => gallery.figures(generator, place),
    };
  },
});
