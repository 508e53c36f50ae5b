/** How BicycleGAN's networks start. */
import { no_grad } from 'isotorch/autograd';
import { BatchNorm2d, Conv2d, ConvTranspose2d, Linear, type Module } from 'isotorch/nn';
import { constant_, kaiming_normal_, normal_, orthogonal_, xavier_normal_ } from 'isotorch/nn/init';
import type { Tensor } from 'isotorch';

/** Distribution of the weights of convolutions and linear layers. */
export type BicycleInit = 'normal' | 'xavier' | 'kaiming' | 'orthogonal';

const fill: Readonly<Record<BicycleInit, (weight: Tensor, gain: number) => Tensor>> = {
  normal: (weight, gain) => normal_(weight, 0, gain),
  xavier: (weight, gain) => xavier_normal_(weight, { gain }),
  kaiming: (weight) => kaiming_normal_(weight, { a: 0, mode: 'fan_in' }),
  orthogonal: (weight, gain) => orthogonal_(weight, { gain }),
};

/**
 * Draws all weights anew, children before parents: convolutions and linear layers from the named distribution
 * (BicycleGAN: Xavier's normal with gain 0.02), biases 0, weights of BatchNorm from N(1, gain²).
 * `kaiming` takes no gain.
 */
export function init_bicycle_weights<Net extends Module>(
  net: Net,
  { init_type = 'xavier', init_gain = 0.02 }: { init_type?: BicycleInit; init_gain?: number } = {},
): Net {
  no_grad(() =>
    net.apply((module) => {
      if (module instanceof Conv2d || module instanceof ConvTranspose2d || module instanceof Linear) {
        fill[init_type](module.weight, init_gain);
        if (module.bias) constant_(module.bias, 0);
      } else if (module instanceof BatchNorm2d) {
        normal_(module.weight!, 1, init_gain);
        constant_(module.bias!, 0);
      }
    }),
  );
  return net;
}
