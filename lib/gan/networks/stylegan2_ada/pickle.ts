/** Network pickles of the authors' PyTorch edition: `network-snapshot-….pkl` and the published ones. */
import { scope, type Tensor, ValueError } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { readPickle, type SafeGlobal } from 'isotorch/serialization';
import { StyleGAN2ADADiscriminator } from './discriminator';
import { StyleGAN2ADAGenerator } from './generator';
import { resolutions } from './sizes';

/** What stands for a module: its attributes. The source code of its class is text, and stays so. */
class SavedModule {
  readonly class_name: string;
  readonly state: Readonly<Record<string, unknown>>;

  constructor(meta: { class_name?: unknown; state?: unknown }) {
    this.class_name = String(meta.class_name);
    this.state = (meta.state ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** A number among the attributes. @throws ValueError where there is none */
  number(name: string): number {
    const value = Number(this.state[name] ?? Number.NaN);
    if (!Number.isFinite(value)) throw new ValueError(`the pickled ${this.class_name} has no ${name}`);
    return value;
  }

  /** As `number`, but None stays. */
  numberOrNull(name: string): number | null {
    return this.state[name] === null ? null : this.number(name);
  }

  /** A part. @throws ValueError where it has no such */
  part(name: string): SavedModule {
    const found = this.parts[name];
    if (found instanceof SavedModule) return found;
    throw new ValueError(`the pickled ${this.class_name} has no ${name}`);
  }

  get parts(): Readonly<Record<string, unknown>> {
    return (this.state._modules ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** All parameters and buffers, by the names of `state_dict`. */
  state_dict(prefix = ''): Record<string, Tensor> {
    const { _parameters, _buffers } = this.state as Record<string, Record<string, Tensor | null> | undefined>;
    const state: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries({ ..._parameters, ..._buffers })) {
      if (tensor !== null) state[prefix + name] = tensor;
    }
    for (const [name, part] of Object.entries(this.parts)) {
      if (part instanceof SavedModule) Object.assign(state, part.state_dict(`${prefix}${name}.`));
    }
    return state;
  }
}

/** A dict of the original, whose items may be read as attributes there. */
class EasyDict extends Map<unknown, unknown> {
  __setitem__(key: unknown, value: unknown): void {
    this.set(key, value);
  }
}

const GLOBALS: readonly SafeGlobal[] = [
  [(meta: object) => new SavedModule(meta), 'torch_utils.persistence._reconstruct_persistent_obj'],
  [EasyDict, 'dnnlib.util.EasyDict'],
];

/** Refuses what networks here do otherwise. @throws ValueError saying what differs */
function demand(saved: SavedModule, wanted: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(wanted)) {
    const given = saved.state[name];
    if (given === value) continue;
    throw new ValueError(`the pickled ${saved.class_name} has ${name} ${String(given)}: only ${String(value)} is read`);
  }
}

/** channel_base and channel_max, by the channels at each resolution. */
function channelsOf(widths: readonly (readonly [resolution: number, channels: number])[]) {
  return {
    channel_base: Math.max(...widths.map(([resolution, channels]) => resolution * channels)),
    channel_max: Math.max(...widths.map(([, channels]) => channels)),
  };
}

/** 4, 8, … up to the images' resolution. @throws ValueError where that is no power of two */
const resolutionsOf = (saved: SavedModule): number[] =>
  resolutions(`the pickled ${saved.class_name}`, { img_resolution: saved.number('img_resolution') }, 4);

function mappingOf(mapping: SavedModule, weights: Record<string, Tensor>) {
  const first = mapping.part('fc0');
  demand(first, { activation: 'lrelu' });
  const layers = mapping.number('num_layers');
  const embedded = weights['mapping.embed.weight']?.size(0);
  return {
    mapping_layers: layers,
    lr_multiplier: first.number('bias_gain'),
    ...(layers > 1 && { layer_features: weights['mapping.fc0.weight']!.size(0) }),
    ...(embedded !== undefined && { embed_features: embedded }),
  };
}

/** The network with the pickled weights. */
function filled<T extends Module>(net: T, weights: Record<string, Tensor>): T {
  scope(() => net.load_state_dict(weights));
  return net;
}

function generatorOf(saved: SavedModule): StyleGAN2ADAGenerator {
  const weights = saved.state_dict();
  const synthesis = saved.part('synthesis');
  const widths = resolutionsOf(saved).map((resolution) => {
    const block = synthesis.part(`b${resolution}`);
    demand(block, { architecture: 'skip' });
    demand(block.part('conv1'), { activation: 'lrelu' });
    return [resolution, weights[`synthesis.b${resolution}.conv1.weight`]!.size(0)] as const;
  });
  const layer = synthesis.part('b4').part('conv1');
  const mapping = saved.part('mapping');
  const net = new StyleGAN2ADAGenerator({
    z_dim: saved.number('z_dim'),
    c_dim: saved.number('c_dim'),
    w_dim: saved.number('w_dim'),
    img_resolution: saved.number('img_resolution'),
    img_channels: saved.number('img_channels'),
    conv_clamp: layer.numberOrNull('conv_clamp'),
    use_noise: layer.state.use_noise === true,
    w_avg_beta: mapping.numberOrNull('w_avg_beta'),
    ...mappingOf(mapping, weights),
    ...channelsOf(widths),
  });
  return filled(net, weights);
}

function discriminatorOf(saved: SavedModule): StyleGAN2ADADiscriminator {
  const weights = saved.state_dict();
  const c_dim = saved.number('c_dim');
  const last = saved.part('b4');
  const deviations = last.parts.mbstd instanceof SavedModule ? last.parts.mbstd : null;
  const widths = resolutionsOf(saved).map((resolution) => {
    const block = saved.part(`b${resolution}`);
    const convolution = resolution === 4 ? 'conv' : 'conv0';
    demand(block, { architecture: 'resnet' });
    demand(block.part(convolution), { activation: 'lrelu' });
    return [resolution, weights[`b${resolution}.${convolution}.weight`]!.size(0)] as const;
  });
  const net = new StyleGAN2ADADiscriminator({
    c_dim,
    img_resolution: saved.number('img_resolution'),
    img_channels: saved.number('img_channels'),
    conv_clamp: last.part('conv').numberOrNull('conv_clamp'),
    mbstd_num_channels: deviations?.number('num_channels') ?? 0,
    mbstd_group_size: deviations?.numberOrNull('group_size') ?? null,
    ...(c_dim > 0 && { cmap_dim: last.number('cmap_dim'), ...mappingOf(saved.part('mapping'), weights) }),
    ...channelsOf(widths),
  });
  return filled(net, weights);
}

/** The networks of a training. */
export interface StyleGAN2ADANetworks {
  G: StyleGAN2ADAGenerator;
  D: StyleGAN2ADADiscriminator;
  /** The moving average of G, in evaluation mode: what images are drawn with. */
  G_ema: StyleGAN2ADAGenerator;
}

/**
 * The networks in a pickle of StyleGAN2-ADA's PyTorch edition, with its sizes and weights. Nothing of the file is run, not the source
 * code either that the original keeps in it. Everything computes in float32.
 *
 * @throws UnpicklingError where the file names other classes
 * @throws ValueError for networks of another kind or architecture
 * @example
 * const { G_ema } = load_stylegan2_ada('ffhq.pkl');
 * const images = G_ema(torch.randn(4, 512), null, { truncation_psi: 0.7 });
 */
export function load_stylegan2_ada(path: string): StyleGAN2ADANetworks {
  const loaded = readPickle(path, GLOBALS) as Readonly<Record<string, unknown>> | null;
  const saved = ['G', 'D', 'G_ema'].map((name) => loaded?.[name]);
  if (!saved.every((each) => each instanceof SavedModule)) {
    throw new ValueError(`${path} is no pickle of StyleGAN2-ADA: it does not hold the networks G, D and G_ema`);
  }
  const [G, D, G_ema] = saved as [SavedModule, SavedModule, SavedModule];
  try {
    return { G: generatorOf(G), D: discriminatorOf(D), G_ema: generatorOf(G_ema).eval() };
  } finally {
    for (const each of Object.values(loaded!)) {
      if (each instanceof SavedModule) for (const tensor of Object.values(each.state_dict())) tensor.dispose();
    }
  }
}
