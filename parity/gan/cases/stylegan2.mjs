// lucidrains' StyleGAN2: weights of a seed, forward, backward, second order, moving averages; test/reference/stylegan2.py.
import * as torch from 'isotorch';
import {
  generate_truncated,
  image_noise,
  latent_to_w,
  mean_style,
  mixed_list,
  noise_list,
  slerp,
  StyleGAN2,
  StyleGAN2Discriminator,
  StyleGAN2Generator,
  styles_def_to_tensor,
  StyleVectorizer,
} from 'isotorch/gan/networks';

export const part = 'networks';
export const python = 'stylegan2.py';

const SMALL = { latent_dim: 32, style_depth: 2, network_capacity: 2 };

/** Copies under a prefix, of the entries that are wanted. */
function state(prefix, module, wanted = () => true) {
  const entries = Object.entries(module.state_dict()).filter(([key]) => wanted(key));
  return Object.fromEntries(entries.map(([key, value]) => [`${prefix}.${key}`, value.clone()]));
}

function gradientsOf(name, module) {
  const entries = [...module.named_parameters()].filter(([, p]) => p.grad !== null);
  return Object.fromEntries(entries.map(([key, p]) => [`${name}.${key}.grad`, p.grad]));
}

const networks = (image_size, sizes) => () => {
  const gan = new StyleGAN2({ image_size, ...SMALL, ...sizes });
  const before = state('state', gan);
  const latents = mixed_list(2, gan.G.num_layers, gan.G.latent_dim);
  const styles = styles_def_to_tensor(latent_to_w(gan.S, latents));
  const images = gan.G(styles, image_noise(2, image_size));
  const [logits, quantize_loss] = gan.D(images);
  logits.mean().add(quantize_loss.mean()).backward();
  const [single] = gan.D(images.detach().get(':1'));
  const gradients = ['S', 'G', 'D'].map((name) => gradientsOf(name, gan[name]));
  const seen = { styles, images, logits, quantize_loss, single };
  return Object.assign({}, before, seen, ...gradients, state('after', gan));
};

function gradientPenalty(images, logits, center) {
  const ones = torch.ones_like(logits);
  const [gradients] = torch.autograd.grad([logits], [images], { grad_outputs: [ones], create_graph: true });
  return gradients.reshape(images.size(0), -1).norm(2, 1).sub(center).pow(2).mean().mul(10);
}

function pathLengths(styles, images) {
  const noise = torch.randn(images.shape).div(Math.sqrt(images.size(2) * images.size(3)));
  const outputs = images.mul(noise).sum();
  const ones = torch.ones_like(outputs);
  const [gradients] = torch.autograd.grad([outputs], [styles], { grad_outputs: [ones], create_graph: true });
  return gradients.pow(2).sum(2).mean(1).sqrt();
}

const secondOrder = (sizes) => () => {
  const out = {};
  for (const center of [0, 1]) {
    const D = new StyleGAN2Discriminator({ image_size: 16, network_capacity: 2, ...sizes });
    const images = torch.rand(3, 3, 16, 16, { requires_grad: true });
    const penalty = gradientPenalty(images, D(images)[0], center);
    penalty.backward();
    Object.assign(out, { [`penalty.${center}`]: penalty }, gradientsOf(`D.${center}`, D));
  }
  const S = new StyleVectorizer(32, 2, 0.1);
  const G = new StyleGAN2Generator({ image_size: 16, latent_dim: 32, network_capacity: 2 });
  const styles = styles_def_to_tensor(latent_to_w(S, noise_list(3, G.num_layers, 32)));
  const lengths = pathLengths(styles, G(styles, image_noise(3, 16)));
  lengths.sub(0.1).pow(2).mean().backward();
  return { ...out, lengths, ...gradientsOf('S', S), ...gradientsOf('G', G) };
};

function averages() {
  const gan = new StyleGAN2({ image_size: 8, ...SMALL });
  torch.no_grad(() => {
    for (const p of [...gan.S.parameters(), ...gan.G.parameters()]) p.add_(torch.randn_like(p));
  });
  gan.EMA();
  gan.EMA();
  const isAverage = (key) => key.startsWith('SE') || key.startsWith('GE');
  const moved = state('ema', gan, isAverage);
  gan.reset_parameter_averaging();
  return { ...moved, ...state('copy', gan, isAverage) };
}

function interpolation() {
  const [low, high] = [torch.randn(4, 16), torch.randn(4, 16)];
  const out = Object.fromEntries([0, 0.25, 0.5, 3].map((t) => [String(t), slerp(t, low, high)]));
  for (const [i, t] of [...torch.linspace(0, 8, 7)].entries()) out[`tensor.${i}`] = slerp(t, low, high);
  return out;
}

function sampling() {
  const { SE, GE } = new StyleGAN2({ image_size: 16, ...SMALL });
  torch.no_grad(() => GE.blocks[1].to_noise1.weight.normal_());
  const mean = mean_style(SE, torch.randn(2000, 32), 5);
  const how = { trunc_psi: 0.75, mean, batch_size: 5 };
  const [plain, mixed] = [noise_list(7, 3, 32), mixed_list(7, 3, 32)].map((latents) =>
    generate_truncated(SE, GE, latents, image_noise(7, 16), how),
  );
  return { mean, plain, mixed };
}

export const cases = {
  'stylegan2 networks': networks(16),
  'stylegan2 networks, default sizes at 32': networks(32, { latent_dim: 512, style_depth: 8, network_capacity: 4 }),
  'stylegan2 attention': networks(16, { attn_layers: [1, 2] }),
  'stylegan2 feature quantisation': networks(16, { fq_layers: [1, 3], fq_dict_size: 8 }),
  'stylegan2 no_const, transparent, fmap_max': networks(16, { no_const: true, transparent: true, fmap_max: 6 }),
  'stylegan2 attention and quantisation': networks(8, { attn_layers: [1], fq_layers: [2], fq_dict_size: 16 }),
  'stylegan2 second order': secondOrder(),
  'stylegan2 second order with attention': secondOrder({ attn_layers: [1] }),
  'stylegan2 averages': averages,
  'stylegan2 slerp': interpolation,
  'stylegan2 sampling': sampling,
};
