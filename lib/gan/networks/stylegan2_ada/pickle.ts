/** Network pickles of the authors' PyTorch edition: `network-snapshot-….pkl` and the published ones. */
import { is_tensor, type Tensor, ValueError } from 'isotorch';
import { readPickle, type SafeGlobal } from 'isotorch/serialization';
import { filled, making } from '../pickled';
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

  /** All parameters and buffers, by the names of `state_dict`. @throws ValueError where a part is found twice, or in itself */
  state_dict(): Record<string, Tensor> {
    const state: Record<string, Tensor> = {};
    this.collect('', state, new Set());
    return state;
  }

  private collect(prefix: string, state: Record<string, Tensor>, seen: Set<SavedModule>): void {
    if (seen.has(this)) throw new ValueError(`the pickled ${this.class_name} is a part in two places`);
    seen.add(this);
    const { _parameters, _buffers } = this.state as Record<string, Record<string, unknown> | undefined>;
    for (const [name, value] of Object.entries({ ..._parameters, ..._buffers })) {
      if (is_tensor(value)) state[prefix + name] = value as Tensor;
    }
    for (const [name, part] of Object.entries(this.parts)) {
      if (part instanceof SavedModule) part.collect(`${prefix}${name}.`, state, seen);
    }
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

/** How many outputs a layer has. @throws ValueError where its weight is missing */
function outputsOf(weights: Record<string, Tensor>, layer: string): number {
  const weight = weights[`${layer}.weight`];
  if (weight !== undefined && weight.dim() > 0) return weight.size(0);
  throw new ValueError(`the pickled network has no weight of ${layer}`);
}

function mappingOf(mapping: SavedModule, weights: Record<string, Tensor>) {
  const first = mapping.part('fc0');
  demand(first, { activation: 'lrelu' });
  const layers = mapping.number('num_layers');
  const embedded = mapping.parts.embed === undefined ? undefined : outputsOf(weights, 'mapping.embed');
  return {
    mapping_layers: layers,
    lr_multiplier: first.number('bias_gain'),
    ...(layers > 1 && { layer_features: outputsOf(weights, 'mapping.fc0') }),
    ...(embedded !== undefined && { embed_features: embedded }),
  };
}

function generatorOf(saved: SavedModule, weights: Record<string, Tensor>): StyleGAN2ADAGenerator {
  const synthesis = saved.part('synthesis');
  const widths = resolutionsOf(saved).map((resolution) => {
    const block = synthesis.part(`b${resolution}`);
    demand(block, { architecture: 'skip' });
    demand(block.part('conv1'), { activation: 'lrelu' });
    return [resolution, outputsOf(weights, `synthesis.b${resolution}.conv1`)] as const;
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

function discriminatorOf(saved: SavedModule, weights: Record<string, Tensor>): StyleGAN2ADADiscriminator {
  const c_dim = saved.number('c_dim');
  const last = saved.part('b4');
  const deviations = last.parts.mbstd instanceof SavedModule ? last.parts.mbstd : null;
  const widths = resolutionsOf(saved).map((resolution) => {
    const block = saved.part(`b${resolution}`);
    const convolution = resolution === 4 ? 'conv' : 'conv0';
    demand(block, { architecture: 'resnet' });
    demand(block.part(convolution), { activation: 'lrelu' });
    return [resolution, outputsOf(weights, `b${resolution}.${convolution}`)] as const;
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
  const weights = (saved as SavedModule[]).map((each) => each.state_dict());
  const [G, D, G_ema] = saved as [SavedModule, SavedModule, SavedModule];
  try {
    return making(path, () => ({
      G: generatorOf(G, weights[0]!),
      D: discriminatorOf(D, weights[1]!),
      G_ema: generatorOf(G_ema, weights[2]!).eval(),
    }));
  } finally {
    for (const tensor of weights.flatMap((each) => Object.values(each))) tensor.dispose();
  }
}
