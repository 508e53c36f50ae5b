// StyleGAN2's networks, configuration F: weights of a seed, images, logits, R1 and path lengths; test/reference/stylegan2_ada.py.
import * as torch from 'isotorch';
import { PathLengthMean, path_length_penalty, path_lengths, r1_penalty } from 'isotorch/gan';
import { StyleGAN2ADADiscriminator, StyleGAN2ADAGenerator } from 'isotorch/gan/networks';
import { one_hot, softplus } from 'isotorch/nn/functional';

export const part = 'networks';
export const python = 'stylegan2_ada.py';

function networksOf({ c_dim = 0, resolution = 16, clamp = null, ...of_d } = {}) {
  const layers = { c_dim, mapping_layers: c_dim > 0 ? 3 : 8 };
  const sizes = { img_resolution: resolution, channel_base: 256, channel_max: 16, conv_clamp: clamp, ...layers };
  const G = new StyleGAN2ADAGenerator({ z_dim: 16, w_dim: 12, ...sizes });
  return { G, D: new StyleGAN2ADADiscriminator({ ...sizes, ...of_d }) };
}

/** @param {torch.nn.Module} G */
function wakeNoise(G) {
  torch.no_grad(() => {
    for (const [name, p] of G.named_parameters()) if (name.endsWith('noise_strength')) p.normal_();
  });
}

const labelsOf = (n, c_dim) => (c_dim === 0 ? null : one_hot(torch.arange(n).remainder(c_dim), c_dim).float());

function gradientsOf(name, net) {
  const entries = [...net.named_parameters()].filter(([, p]) => p.grad !== null);
  return Object.fromEntries(entries.map(([key, p]) => [`${name}.${key}.grad`, p.grad]));
}

function state(name, net) {
  return Object.fromEntries(Object.entries(net.state_dict()).map(([key, value]) => [`${name}.${key}`, value.clone()]));
}

const networks =
  ({ c_dim = 0, ...sizes } = {}) =>
  () => {
    const { G, D } = networksOf({ c_dim, ...sizes });
    const before = { ...state('G', G), ...state('D', D) };
    wakeNoise(G);
    const labels = labelsOf(4, c_dim);
    const images = G(torch.randn(4, 16), labels);
    const logits = D(images, labels);
    softplus(logits.neg()).mean().backward();
    return { ...before, images, logits, w_avg: G.mapping.w_avg, ...gradientsOf('G', G), ...gradientsOf('D', D) };
  };

function drawing() {
  const { G } = networksOf();
  wakeNoise(G);
  for (let i = 0; i < 3; i++) G.mapping(torch.randn(4, 16));
  G.eval();
  const z = torch.randn(3, 16);
  const out = {};
  for (const noise_mode of ['random', 'const', 'none']) out[noise_mode] = G(z, null, { noise_mode });
  const constant = { noise_mode: 'const' };
  out.unfused = G(z, null, { ...constant, fused_modconv: false });
  out.truncated = G(z, null, { ...constant, truncation_psi: 0.7 });
  out['truncated.2'] = G(z, null, { ...constant, truncation_psi: 0.5, truncation_cutoff: 2 });
  out.ws = G.mapping(z, null, { truncation_psi: 0.5, truncation_cutoff: 2 });
  const images = G(z, null, { fused_modconv: true });
  images.mul(torch.randn_like(images)).sum().backward();
  return { ...out, ...gradientsOf('G', G) };
}

const r1 =
  ({ c_dim = 0, ...of_d } = {}) =>
  () => {
    const { D } = networksOf({ c_dim, ...of_d });
    const images = torch.randn(8, 3, 16, 16, { requires_grad: true });
    const logits = D(images, labelsOf(8, c_dim));
    const [gradient] = torch.autograd.grad(logits.sum(), images, { create_graph: true });
    const penalty = r1_penalty(logits, images, { reduction: 'none' });
    softplus(logits.neg()).add(penalty.unsqueeze(1)).mean().backward();
    return { logits, gradient, penalty, 'images.grad': images.grad, ...gradientsOf('D', D) };
  };

const pathLength =
  ({ c_dim = 0 } = {}) =>
  () => {
    const { G } = networksOf({ c_dim });
    wakeNoise(G);
    const mean = new PathLengthMean();
    const out = {};
    for (let i = 0; i < 4; i++) {
      G.zero_grad();
      const ws = G.mixed_ws(torch.randn(2, 16), labelsOf(2, c_dim));
      const lengths = path_lengths(G.synthesis(ws), ws);
      path_length_penalty(lengths, mean.update(lengths), { weight: 2 }).mul(4).backward();
      Object.assign(out, { [`ws.${i}`]: ws, [`lengths.${i}`]: lengths, [`pl_mean.${i}`]: mean.value });
    }
    return { ...out, w_avg: G.mapping.w_avg, ...gradientsOf('G', G) };
  };

export const cases = {
  'stylegan2-ada networks': networks(),
  'stylegan2-ada networks, labels': networks({ c_dim: 3, cmap_dim: 10 }),
  'stylegan2-ada networks, clamped': networks({ clamp: 0.5 }),
  'stylegan2-ada networks at 4 and 8': networks({ resolution: 8 }),
  'stylegan2-ada drawing': drawing,
  'stylegan2-ada R1': r1(),
  'stylegan2-ada R1, labels': r1({ c_dim: 3 }),
  'stylegan2-ada R1, whole batch, two channels of deviations': r1({ mbstd_group_size: null, mbstd_num_channels: 2 }),
  'stylegan2-ada R1, no deviations': r1({ mbstd_num_channels: 0 }),
  'stylegan2-ada path length': pathLength(),
  'stylegan2-ada path length, labels': pathLength({ c_dim: 3 }),
};
