/** zi2zi: a U-Net learns to write characters in the styles of other fonts, from pairs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Optimizer } from 'isotorch/optim';
import { normal_init, Zi2ziDiscriminator, Zi2ziGenerator } from '../../gan/networks';
import { defineRecipe, OptionError } from '../../train';
import { checkRoom, feedOf, openForRecipe } from '../data';
import { checkPowerOfTwo } from '../power_of_two';
import { about, withPort } from './options';
import { Zi2ziLosses } from './losses';
import { Gallery } from './pictures';
import { portTable } from './ports';
import { zi2ziPhases } from './training';

function setRate({ param_groups }: Optimizer, lr: number): void {
  for (const group of param_groups) group.lr = lr;
}

export const zi2zi = defineRecipe({
  ...about,

  async open(options) {
    const { data, channels, embedding_num, port } = options;
    const train = await openForRecipe(options, { kind: 'glyphs', channels });
    const { size, classes } = train.description;
    const least = portTable[port].kernel_size === 4 ? 64 : 32;
    checkPowerOfTwo('image_size', size, { least, because: `port=${port}` });
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
    const { channels, embedding_dim, ngf, ndf, lr, schedule } = options;
    const { size: image_size, classes } = data.train.description;
    const embedding_num = options.embedding_num || classes.length;
    const port = portTable[options.port];
    const { kernel_size, norm } = port;
    const generator = new Zi2ziGenerator({ input_nc: channels, image_size, ngf, embedding_num, embedding_dim });
    const input_nc = 2 * channels;
    const discriminator = new Zi2ziDiscriminator({ input_nc, embedding_num, ndf, image_size, kernel_size, norm });
    normal_init(place.network(generator, ['encode']));
    normal_init(place.network(discriminator));
    if (!port.embedding) generator.embedder.requires_grad_(false);
    const trained = generator.parameters().filter((parameter) => parameter.requires_grad);
    const betas = [0.5, 0.999] as const;
    const start = port.rates(lr, schedule, 0);
    const optimizer_G = place.adam(trained, { lr: start.G, betas });
    const optimizer_D = place.adam(discriminator.parameters(), { lr: start.D, betas });
    const losses = new Zi2ziLosses(port, options, embedding_num);
    losses.category.to(place.device);
    const feed = feedOf(data.train, options.batch_size, session, { drop_last: false });
    const gallery = await Gallery.of(data.unseen ?? data.train);
    return {
      objects: { generator, discriminator, optimizer_G, optimizer_D },
      feed,
      steps: options.epochs * feed.length,
      phases: zi2ziPhases({ generator, discriminator, optimizer_G, optimizer_D, losses, port, place }),
      samples: { range: [-1, 1], columns: gallery.columns, grid: () => gallery.grid(generator, place) },
      passEnd(epoch) {
        const rates = port.rates(lr, schedule, epoch);
        setRate(optimizer_G, rates.G);
        setRate(optimizer_D, rates.D);
        return { lr: rates.G };
      },
      evaluate: () => gallery.figures(generator, place),
    };
  },
});
