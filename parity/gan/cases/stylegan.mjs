// StyleGAN's networks at several levels of detail: images, scores, gradients of first and second order.
import * as torch from 'isotorch';
import { StyleGANDiscriminator, StyleGANGenerator, StyleGANMapping } from 'isotorch/gan/networks';
import { one_hot, softplus } from 'isotorch/nn/functional';

export const part = 'networks';
export const python = 'stylegan.py';

const SMALL = { resolution: 16, num_channels: 1, fmap_base: 64, fmap_max: 16 };
const LARGE = { resolution: 128, num_channels: 3, fmap_base: 256, fmap_max: 8 };
const STYLES = { latent_size: 16, w_size: 16, mapping_fmaps: 16 };

/** @param {torch.nn.Module} net @param {number} lod */
function set_lod(net, lod) {
  for (const [name, buffer] of net.named_buffers()) if (name.split('.').at(-1) === 'lod') buffer.fill_(lod);
}

/** @param {torch.nn.Module} net */
function wake_noise(net) {
  torch.no_grad(() => {
    for (const [name, parameter] of net.named_parameters()) if (name.endsWith('Noise.weight')) parameter.normal_();
  });
}

/** @param {torch.nn.Module} net */
const gradients = (net) =>
  Object.fromEntries(
    [...net.named_parameters()].flatMap(([name, { grad }]) => (grad === null ? [] : [[`grad/${name}`, grad]])),
  );

/** @param {torch.nn.Module} net */
const state = (net) =>
  Object.fromEntries(Object.entries(net.state_dict()).map(([name, value]) => [`state/${name}`, value]));

/** @param {number} n */
const labels_of = (n) => one_hot(torch.arange(n).remainder(3), 3).float();

function mapping() {
  const net = new StyleGANMapping({ latent_size: 16, label_size: 3, w_size: 12, mapping_fmaps: 16 });
  const w = net(torch.randn(4, 16), labels_of(4));
  w.square().sum().backward();
  return { w, ...gradients(net) };
}

/** @typedef {{ label_size?: number, fused_scale?: boolean, sizes?: typeof SMALL }} Options */

/** @param {number} lod @param {Options} options */
function generator(lod, { label_size = 0, fused_scale, sizes = SMALL } = {}) {
  return () => {
    const net = new StyleGANGenerator({ label_size, fused_scale: fused_scale ?? 'auto', ...STYLES, ...sizes });
    wake_noise(net);
    set_lod(net, lod);
    const labels = label_size > 0 ? labels_of(4) : null;
    const images = net(torch.randn(4, 16), { labels });
    images.mul(torch.randn_like(images)).sum().backward();
    net.eval();
    const truncated = net(torch.randn(4, 16), { labels, noise_mode: 'const' });
    return { images, truncated, ...gradients(net), ...state(net) };
  };
}

/** @param {number} lod @param {Options} options */
function discriminator(lod, { label_size = 0, fused_scale, sizes = SMALL } = {}) {
  return () => {
    const net = new StyleGANDiscriminator({ label_size, fused_scale: fused_scale ?? 'auto', ...sizes });
    set_lod(net, lod);
    const { num_channels, resolution } = sizes;
    const images = torch.randn(8, num_channels, resolution, resolution, { requires_grad: true });
    const scores = net(images, { labels: label_size > 0 ? labels_of(8) : null });
    const [gradient] = torch.autograd.grad(scores.sum(), images, { create_graph: true });
    const penalty = gradient.square().sum([1, 2, 3]);
    const loss = softplus(scores.neg()).mean().add(penalty.mean().mul(5));
    loss.backward();
    return { scores, gradient, penalty, 'grad/images': images.grad, ...gradients(net) };
  };
}

export const cases = {
  mapping,
  generator_lod_0: generator(0),
  generator_lod_half: generator(0.5),
  generator_lod_1: generator(1),
  generator_lod_2: generator(2),
  discriminator_lod_0: discriminator(0),
  discriminator_lod_half: discriminator(0.5),
  discriminator_lod_1: discriminator(1),
  discriminator_lod_2: discriminator(2),
  generator_labels: generator(0.5, { label_size: 3 }),
  discriminator_labels: discriminator(0.5, { label_size: 3 }),
  generator_fused: generator(0, { fused_scale: true }),
  discriminator_fused: discriminator(0, { fused_scale: true }),
  generator_128: generator(0.25, { sizes: LARGE }),
  discriminator_128: discriminator(0.25, { sizes: LARGE }),
};
