/** Checkpoints of stylegan2-pytorch: `models/<name>/model_<n>.pt`, a dict of `GAN` (the state dict) and `version`. */
import { type Tensor, ValueError } from 'isotorch';
import { load } from 'isotorch/serialization';
import { StyleGAN2, type StyleGAN2Options } from './stylegan2';

type StateDict = Record<string, Tensor>;

/** The numbers after a prefix such as `G.attns.`, each once, in ascending order. */
function indicesOf(state: StateDict, prefix: string): number[] {
  const found = Object.keys(state)
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number.parseInt(key.slice(prefix.length), 10));
  return [...new Set(found)].sort((a, b) => a - b);
}

function shapeOf(state: StateDict, key: string): readonly number[] {
  const tensor = state[key];
  if (tensor === undefined) throw new ValueError(`not a state dict of stylegan2-pytorch: it has no ${key}`);
  return tensor.shape;
}

/** Sizes that networks must have for the state dict to fit; `lr_mlp`, which it does not tell, is left out. */
export function stylegan2_options(state: StateDict): StyleGAN2Options {
  const num_layers = indicesOf(state, 'G.blocks.').length;
  const [last, latent_dim] = shapeOf(state, `G.blocks.${num_layers - 1}.to_style2.weight`) as [number, number];
  const [colours] = shapeOf(state, 'G.blocks.0.to_rgb.conv.weight') as [number];
  const codes = indicesOf(state, 'D.quantize_blocks.');
  const network_capacity = last / 2;
  const [widest] = shapeOf(state, 'D.final_conv.weight') as [number];
  const uncapped = network_capacity * 4 * 2 ** num_layers;
  const options: StyleGAN2Options = {
    image_size: 2 ** (num_layers + 1),
    latent_dim,
    style_depth: indicesOf(state, 'S.net.').length,
    network_capacity,
    transparent: colours === 4,
    no_const: 'G.to_initial_block.weight' in state,
    attn_layers: indicesOf(state, 'D.attn_blocks.').map((i) => i + 1),
    fq_layers: codes.map((i) => i + 1),
    fmap_max: widest < uncapped ? widest : Math.max(512, widest),
  };
  if (codes.length > 0) {
    options.fq_dict_size = shapeOf(state, `D.quantize_blocks.${codes[0]}.fn.embed`)[1]!;
  }
  return options;
}

/**
 * The networks in a checkpoint of stylegan2-pytorch, with its weights; their sizes are read off the weights. Give
 * `lr_mlp` (`.config.json` beside the checkpoint has it) where it was not 0.1.
 *
 * @throws ValueError for a file that is no such checkpoint, with the name of what is missing
 */
export async function load_stylegan2(path: string, { lr_mlp = 0.1 }: { lr_mlp?: number } = {}): Promise<StyleGAN2> {
  const saved = (await load(path, { map_location: 'cpu' })) as { GAN?: StateDict; version?: string };
  if (typeof saved !== 'object' || saved === null || saved.GAN === undefined) {
    throw new ValueError(`${path} is no checkpoint of stylegan2-pytorch: it has no GAN`);
  }
  const gan = new StyleGAN2({ ...stylegan2_options(saved.GAN), lr_mlp });
  gan.load_state_dict(saved.GAN);
  return gan;
}
