/** Document 2's networks and its two optimizers. */
import type { Adam } from 'isotorch/optim';
import { Document2Discriminator, Document2Encoder, Document2Generator, Document2Inverse } from '../../gan/networks';
import type { Place } from '../../train';
import type { BicycleDocOptions } from './options';

/** Everything that document 2 trains, and F, which it does not unless that is asked for. */
export interface BicycleDocNetworks {
  G: Document2Generator;
  F: Document2Inverse;
  E: Document2Encoder;
  D: Document2Discriminator;
  optimizer_G: Adam;
  optimizer_D: Adam;
}

/** Makes them. */
export function networksFor(options: BicycleDocOptions, place: Place): BicycleDocNetworks {
  const { channels, nz, width, output, lr_G, lr_D, beta1 } = options;
  const image = { input_nc: channels, output_nc: channels, width };
  const G = place.network(new Document2Generator({ ...image, nz }));
  const F = place.network(new Document2Inverse(image));
  const E = place.network(new Document2Encoder({ input_nc: channels, nz, width }));
  const probabilities = options.adversarial_loss === 'bce';
  const D = place.network(new Document2Discriminator({ input_nc: channels, width, output, probabilities }));
  const trained = [...G.parameters(), ...E.parameters(), ...(options.train_F === 'with_G' ? F.parameters() : [])];
  return {
    G,
    F,
    E,
    D,
    optimizer_G: place.adam(trained, { lr: lr_G, betas: [beta1, 0.999] }),
    optimizer_D: place.adam(D.parameters(), { lr: lr_D, betas: [beta1, 0.999] }),
  };
}
