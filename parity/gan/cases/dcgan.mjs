// DCGAN and multilayer perceptrons, plain and conditional: forward, gradients, second-order gradients, BatchNorm's buffers.
import * as torch from 'isotorch';
import * as networks from 'isotorch/gan/networks';
import { stateOf } from '../state.mjs';

const { normal_init } = networks;

export const part = 'networks';
export const python = 'dcgan.py';

const LABELS = [0, 2, 1, 2];

const pair =
  (generator, discriminator, latent, { labels, init = (net) => net } = {}) =>
  () => {
    const [g, d] = [init(generator()), init(discriminator())];
    const z = torch.randn([4, latent]);
    const given = labels === undefined ? [] : [torch.tensor(labels, { dtype: torch.int64 })];
    const fake = g(z, ...given);
    const logits = [d(fake)].flat();
    const [first] = torch.autograd.grad(logits[0].sum(), fake, { create_graph: true });
    logits.reduce((sum, logit) => sum.add(logit.square().mean()), first.square().sum()).backward();
    g.eval();
    const calm = g(z, ...given);
    return { fake, logits, first, calm, g: stateOf(g), d: stateOf(d) };
  };

const small = { image_shape: [1, 5, 4], category_num: 3 };
const digits = { nc: 1, image_size: 32, category_num: 3 };

export const cases = {
  'dcgan 64': pair(
    () => new networks.DCGANGenerator({ ngf: 4, nz: 10 }),
    () => new networks.DCGANDiscriminator({ ndf: 4 }),
    10,
    { init: normal_init },
  ),
  'dcgan 8': pair(
    () => new networks.DCGANGenerator({ nz: 5, ngf: 4, nc: 1, image_size: 8 }),
    () => new networks.DCGANDiscriminator({ nc: 1, ndf: 4, image_size: 8 }),
    5,
    { init: normal_init },
  ),
  'conditional dcgan 32': pair(
    () => new networks.ConditionalDCGANGenerator({ nz: 10, ngf: 4, ...digits }),
    () => new networks.ConditionalDCGANDiscriminator({ ndf: 4, ...digits }),
    10,
    { labels: LABELS, init: normal_init },
  ),
  simple: pair(
    () => new networks.SimpleGenerator(),
    () => new networks.SimpleDiscriminator(),
    100,
  ),
  "simple, PyTorch-GAN's eps": pair(
    () => new networks.SimpleGenerator({ eps: 0.8 }),
    () => new networks.SimpleDiscriminator(),
    100,
  ),
  'simple conditional': pair(
    () => new networks.ConditionalGenerator({ latent_dim: 8, widths: [6, 7], ...small }),
    () => new networks.ConditionalDiscriminator({ widths: [7, 6], ...small }),
    8,
    { labels: LABELS },
  ),
};
