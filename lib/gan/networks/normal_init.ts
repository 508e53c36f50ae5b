/** The initialisation that DCGAN, pix2pix and zi2zi share. */
import { BatchNorm2d, Conv2d, ConvTranspose2d, Linear, type Module } from 'isotorch/nn';
import { constant_, normal_ } from 'isotorch/nn/init';

/**
 * Draws weights anew, in the order in which `apply` visits layers (children first): convolutions and linear layers from
 * N(0, std²) with biases 0, BatchNorm2d's weights from N(1, std²) with biases 0. Other layers, embeddings among them, stay as they
 * are (Radford et al. 2016, https://arxiv.org/abs/1511.06434, section 4).
 */
export function normal_init<Net extends Module>(net: Net, std = 0.02): Net {
  net.apply((layer: Module) => {
    if (layer instanceof BatchNorm2d) {
      if (layer.weight === null || layer.bias === null) return;
      normal_(layer.weight, 1.0, std);
      constant_(layer.bias, 0.0);
    } else if (layer instanceof Conv2d || layer instanceof ConvTranspose2d || layer instanceof Linear) {
      normal_(layer.weight, 0.0, std);
      if (layer.bias !== null) constant_(layer.bias, 0.0);
    }
  });
  return net;
}
