/** Network pickles of the original, TensorFlow's StyleGAN: `network-snapshot-….pkl` and the published ones. */
import { is_tensor, keep, type Tensor, tensor, ValueError } from 'isotorch';
import { readPickle } from 'isotorch/serialization';
import { filled, making } from '../pickled';
import { StyleGANDiscriminator } from './discriminator';
import { StyleGANGenerator } from './generator';
import type { FusedScale } from './sizes';
import { stylegan_from_tensorflow } from './tensorflow';

/** Values of a network's options, by the original's names. */
type Options = Readonly<Record<string, unknown>>;

/** What stands for a `dnnlib.tflib.network.Network`: its state, of which the source code is text and stays so. */
class TensorFlowNetwork {
  name = '';
  build_func_name = '';
  static_kwargs: Options = {};
  /** Own variables. */
  private readonly own: Record<string, Tensor> = {};
  private parts: readonly TensorFlowNetwork[] = [];

  __setstate__(state: unknown): void {
    const { name, build_func_name, static_kwargs, components, variables } = state as Record<string, unknown>;
    if (!Array.isArray(variables)) throw new ValueError('a network has no list of variables');
    this.name = String(name);
    this.build_func_name = String(build_func_name);
    this.static_kwargs = (static_kwargs ?? {}) as Options;
    for (const pair of variables as unknown[]) {
      if (!Array.isArray(pair) || pair.length !== 2) throw new ValueError('a variable of a network has no value');
      const [variable, value] = pair as [unknown, unknown];
      // A variable without dimensions is a number.
      this.own[String(variable)] = is_tensor(value) ? (value as Tensor) : keep(tensor(Number(value)));
    }
    this.parts = Object.values((components ?? {}) as object).filter((part) => part instanceof TensorFlowNetwork);
  }

  /** Own variables, then those of parts as `name/variable`; parts have no parts. */
  get variables(): Record<string, Tensor> {
    const all = { ...this.own };
    for (const { name, own } of this.parts) {
      for (const [variable, value] of Object.entries(own)) all[`${name}/${variable}`] = value;
    }
    return all;
  }
}

/** What networks here have one way only: the original's defaults. */
const FIXED: Options = {
  use_styles: true,
  const_input_layer: true,
  use_pixel_norm: false,
  use_instance_norm: true,
  use_wscale: true,
  nonlinearity: 'lrelu',
  mapping_nonlinearity: 'lrelu',
  fmap_decay: 1,
  mbstd_num_features: 1,
  blur_filter: [1, 2, 1],
};

/** Options of a network that it was made by this function, and does what is done here. @throws ValueError saying what differs */
function optionsOf({ name, build_func_name, static_kwargs }: TensorFlowNetwork, made_by: string): Options {
  if (build_func_name !== made_by) {
    throw new ValueError(`${name} was made by ${build_func_name}: networks of StyleGAN's ${made_by} are read`);
  }
  for (const [option, wanted] of Object.entries(FIXED)) {
    const given = static_kwargs[option];
    if (given === undefined || JSON.stringify(given) === JSON.stringify(wanted)) continue;
    throw new ValueError(`${name} has ${option} ${JSON.stringify(given)}: only ${JSON.stringify(wanted)} is read`);
  }
  return static_kwargs;
}

/** A number of the options, which NumPy may have made. */
const number = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

/** As `number`, but None stays. */
const numberOrNone = (value: unknown): number | null | undefined => (value === null ? null : number(value));

/** The options with a value: what is left out has the default of the original, which is the one here. */
function given<T extends object>(options: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

/** Sizes that both kinds of networks have. The data set always sets resolution and channels; `fallback` is what a network has without. */
function sizesOf(options: Options, fallback: { resolution: number; num_channels: number }) {
  const sizes = {
    resolution: number(options.resolution),
    num_channels: number(options.num_channels),
    label_size: number(options.label_size),
    fmap_base: number(options.fmap_base),
    fmap_max: number(options.fmap_max),
    fused_scale: options.fused_scale as FusedScale | undefined,
  };
  return { ...fallback, ...given(sizes) };
}

function generatorOf(network: TensorFlowNetwork): StyleGANGenerator {
  const options = optionsOf(network, 'G_style');
  const G = new StyleGANGenerator({
    ...sizesOf(options, { resolution: 1024, num_channels: 3 }),
    ...given({
      latent_size: number(options.latent_size),
      w_size: number(options.dlatent_size),
      mapping_layers: number(options.mapping_layers),
      mapping_fmaps: number(options.mapping_fmaps),
      mapping_lrmul: number(options.mapping_lrmul),
      normalize_latents: options.normalize_latents as boolean | undefined,
      use_noise: options.use_noise as boolean | undefined,
      truncation_psi: numberOrNone(options.truncation_psi),
      // None truncates nothing.
      truncation_cutoff: options.truncation_cutoff === null ? 0 : number(options.truncation_cutoff),
      w_avg_beta: numberOrNone(options.dlatent_avg_beta),
      style_mixing_prob: options.style_mixing_prob === null ? 0 : number(options.style_mixing_prob),
    }),
  });
  return filled(G, stylegan_from_tensorflow(network.variables));
}

function discriminatorOf(network: TensorFlowNetwork): StyleGANDiscriminator {
  const options = optionsOf(network, 'D_basic');
  const D = new StyleGANDiscriminator({
    ...sizesOf(options, { resolution: 32, num_channels: 1 }),
    ...given({ mbstd_group_size: number(options.mbstd_group_size) }),
  });
  return filled(D, stylegan_from_tensorflow(network.variables));
}

/** The three networks of a training. */
export interface StyleGANNetworks {
  G: StyleGANGenerator;
  D: StyleGANDiscriminator;
  /** The moving average of G, in evaluation mode: what images are drawn with. */
  Gs: StyleGANGenerator;
}

/**
 * The networks in a pickle of the original, (G, D, Gs), with its sizes and weights. Nothing of the file is run, not the source code
 * either that the original keeps in it. Kernels are used as they are stored: fused layers, from 128×128 on, apply them as
 * TensorFlow does.
 *
 * @throws UnpicklingError where the file names other classes than networks
 * @throws ValueError for networks of another kind, such as those of ProGAN or StyleGAN2
 * @example
 * const { Gs } = load_stylegan('karras2019stylegan-ffhq-1024x1024.pkl');
 * const images = Gs(torch.randn(4, 512), { truncation_psi: 0.7 });
 */
export function load_stylegan(path: string): StyleGANNetworks {
  const loaded = readPickle(path, [[TensorFlowNetwork, 'dnnlib.tflib.network.Network']]);
  const networks = Array.isArray(loaded) ? (loaded as unknown[]) : [loaded];
  if (networks.length !== 3 || !networks.every((network) => network instanceof TensorFlowNetwork)) {
    throw new ValueError(`${path} is no pickle of a StyleGAN: it does not hold the three networks G, D and Gs`);
  }
  const [G, D, Gs] = networks as [TensorFlowNetwork, TensorFlowNetwork, TensorFlowNetwork];
  try {
    return making(path, () => ({ G: generatorOf(G), D: discriminatorOf(D), Gs: generatorOf(Gs).eval() }));
  } finally {
    for (const { variables } of networks as TensorFlowNetwork[]) {
      for (const value of Object.values(variables)) value.dispose();
    }
  }
}
