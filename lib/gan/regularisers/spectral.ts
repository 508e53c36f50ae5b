/** Spectral normalisation of whole networks (Miyato et al. 2018, https://arxiv.org/abs/1802.05957). */
import {
  Bilinear,
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  Linear,
} from 'isotorch/nn';
import type { Module } from 'isotorch/nn';
import * as torch from 'isotorch';

const LAYERS = [Linear, Bilinear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];

/**
 * Divides every weight of linear layers and convolutions by its largest singular value, as `nn.utils.spectral_norm` estimates it,
 * in the order of `modules()`. Gives the network.
 */
export function spectral_normalised<M extends Module>(net: M, { n_power_iterations = 1 } = {}): M {
  for (const module of net.modules()) {
    if (LAYERS.some((layer) => module instanceof layer)) {
      torch.nn.utils.spectral_norm(module, { n_power_iterations });
    }
  }
  return net;
}
