/** What the layers of encoder and decoder share. */
import type { DeviceLike, Dtype } from '../../../core';
import type { Tensor } from '../../../memory';
import { TorchError } from '../../../native';
import { gelu } from '../../../generated/nn_functional';
import { relu } from '../../functional/activation';

/** Function between the two linear layers, or a module that is one. */
export type Activation = (x: Tensor) => Tensor;

/** Names of the parameters of a layer, but for device and dtype. */
export const LAYER = [
  'd_model',
  'nhead',
  'dim_feedforward',
  'dropout',
  'activation',
  'layer_norm_eps',
  'batch_first',
  'norm_first',
  'bias',
] as const;

/** Device and dtype of what a layer is made of, as keywords. */
export function keywords(device?: DeviceLike | null, dtype?: Dtype | null) {
  return { device: device ?? null, dtype: dtype ?? null };
}

/** The activation of that name. @throws TorchError for another than `'relu'` and `'gelu'` */
export function activationOf(activation: string | Activation): Activation {
  if (typeof activation !== 'string') return activation;
  if (activation === 'relu') return relu;
  if (activation === 'gelu') return gelu;
  throw new TorchError(`activation should be relu/gelu, not ${activation}`);
}

/** linear2(dropout(activation(linear1(x)))). */
export function feedForward(
  layer: Readonly<Record<'linear1' | 'linear2' | 'dropout' | 'activation', Activation>>,
  x: Tensor,
): Tensor {
  return layer.linear2(layer.dropout(layer.activation(layer.linear1(x))));
}
