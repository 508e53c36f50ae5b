/** Weights of the original, TensorFlow's StyleGAN. */
import type { Tensor } from 'isotorch';

/** Where the generator's variables go: its parts have names of their own there. */
const places: readonly [RegExp, string][] = [
  [/^G_mapping\./, 'mapping.'],
  [/^G_synthesis\./, 'synthesis.'],
  [/^dlatent_avg$/, 'w_avg'],
];

/** Noise buffers and label embeddings have the same layout in both. */
const asIs = /(^|\.)(noise\d+|const|LabelConcat\.weight)$/;

/**
 * The state dict of a StyleGAN network from TensorFlow's variables by name, as the original stores them
 * (`4x4/Conv/weight`, in a generator `G_synthesis/4x4/Conv/weight` and `dlatent_avg`): kernels become out×in×k×k from
 * k×k×in×out, dense weights out×in from in×out. The result is for `load_state_dict`.
 *
 * @example
 * synthesis.load_state_dict(stylegan_from_tensorflow(numpy.load('synthesis.npz')));
 */
export function stylegan_from_tensorflow(variables: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const state: Record<string, Tensor> = {};
  // A generator's own lod is what counts: it is assigned to the synthesis network's whenever that is run.
  const own = Object.keys(variables).some((name) => name.startsWith('G_synthesis/')) ? variables.lod : undefined;
  for (const [variable, value] of Object.entries(variables)) {
    if (own !== undefined && variable === 'lod') continue;
    const dotted = variable.replaceAll('/', '.');
    const name = places.reduce((text, [pattern, place]) => text.replace(pattern, place), dotted);
    state[name] = own !== undefined && name === 'synthesis.lod' ? own : transposed(name, value);
  }
  return state;
}

function transposed(name: string, value: Tensor): Tensor {
  if (asIs.test(name)) return value;
  if (value.ndim === 4) return value.permute(3, 2, 0, 1).contiguous();
  return value.ndim === 2 ? value.t().contiguous() : value;
}
