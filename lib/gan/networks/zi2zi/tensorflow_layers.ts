/** Layers of zi2zi's TensorFlow original: what its padding SAME is at stride 2, and how its weights begin. */
import { type Tensor, ValueError } from 'isotorch';
import { BatchNorm2d, Conv2d, ConvTranspose2d, Embedding, Linear, type Module } from 'isotorch/nn';
import { pad } from 'isotorch/nn/functional';
import { constant_, normal_, trunc_normal_ } from 'isotorch/nn/init';

/** Height and width of kernels. */
const KERNEL = 5;
/** Zeros before and after an even number of pixels, so that there are half as many afterwards. */
const [BEFORE, AFTER] = [1, 2] as const;

/** A convolution to half the height and width, by `halved`. */
export const halving = (from: number, to: number): Conv2d => new Conv2d(from, to, KERNEL, { stride: 2 });

/** Half the height and width. */
export const halved = (layer: Conv2d, x: Tensor): Tensor => layer(pad(x, [BEFORE, AFTER, BEFORE, AFTER]));

/** A transposed convolution to twice the height and width, by `doubled`. */
export const doubling = (from: number, to: number): ConvTranspose2d =>
  new ConvTranspose2d(from, to, KERNEL, { stride: 2, padding: BEFORE });

/** Twice the height and width: what the gradient of a halving does. */
export const doubled = (layer: ConvTranspose2d, x: Tensor): Tensor =>
  layer(x)
    .narrow(2, 0, 2 * x.size(2))
    .narrow(3, 0, 2 * x.size(3));

/** A convolution that keeps height and width. */
export const keeping = (from: number, to: number): Conv2d => new Conv2d(from, to, KERNEL, { padding: 2 });

const STD = 0.02;
const EMBEDDING_STD = 0.01;

/**
 * Draws the weights of one of the original's networks anew: convolutions from N(0, 0.02²) within two deviations, transposed ones and linear
 * layers from N(0, 0.02²), embeddings from N(0, 0.01²); biases are 0, BatchNorm is 1 and 0.
 */
export function zi2zi_tensorflow_init<Net extends Module>(net: Net): Net {
  net.apply((layer: Module) => {
    if (layer instanceof Embedding) normal_(layer.weight, 0.0, EMBEDDING_STD);
    if (layer instanceof BatchNorm2d) layer.reset_parameters();
    if (layer instanceof Conv2d) trunc_normal_(layer.weight, 0.0, STD, -2 * STD, 2 * STD);
    else if (layer instanceof ConvTranspose2d || layer instanceof Linear) normal_(layer.weight, 0.0, STD);
    else return;
    if (layer.bias !== null) constant_(layer.bias, 0.0);
  });
  return net;
}

const PARTS: Readonly<Record<string, string>> = {
  W: 'weight',
  b: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};

/** Dense weights of images flattened channel by channel, out×(C·H·W), from those of images flattened place by place. */
function dense(weight: Tensor, maps: number): Tensor {
  const [inputs, outputs] = weight.shape as [number, number];
  return weight
    .t()
    .view(outputs, inputs / maps, maps)
    .transpose(1, 2)
    .reshape(outputs, inputs);
}

/**
 * The state dict of `Zi2ziTensorFlowGenerator` or `Zi2ziTensorFlowDiscriminator` from the original's variables by name
 * (`generator/g_e1_conv/W`, `embedding/E`, `discriminator/d_fc1/W`), with those of the other network, and optimizers' left out.
 * Kernels become out×in×k×k (in×out×k×k where they double). The result is for `load_state_dict`; BatchNorm's counts of
 * batches, which are not there, are 0.
 *
 * @throws ValueError for a variable of the network that it does not know
 */
export function zi2zi_from_tensorflow(
  net: 'generator' | 'discriminator',
  variables: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const state: Record<string, Tensor> = {};
  const maps = variables['discriminator/d_bn_3/gamma']?.numel();
  for (const [variable, value] of Object.entries(variables)) {
    const [scope, layer = '', name = '', ...slot] = variable.split('/');
    if (net === 'generator' && variable === 'embedding/E') state['embedder.weight'] = value.flatten(1);
    if (scope !== net || slot.length > 0) continue;
    const part = PARTS[name];
    if (part === undefined) throw new ValueError(`zi2zi_from_tensorflow: ${variable} is no variable of the original's`);
    const weight = part === 'weight' && layer.startsWith('d_fc') ? dense(value, maps!) : value;
    state[`${layer}.${part}`] = weight.dim() === 4 ? weight.permute(3, 2, 0, 1).contiguous() : weight;
    if (name === 'moving_mean') state[`${layer}.num_batches_tracked`] = value.new_zeros([]).long();
  }
  return state;
}
