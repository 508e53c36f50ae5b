/** BicycleGAN's networks and optimizers, made in the original's order. */
import type { Module } from 'isotorch/nn';
import type { Adam } from 'isotorch/optim';
import {
  bicycle_levels,
  BicycleConvEncoder,
  BicycleMultiScaleDiscriminator,
  BicycleResNetEncoder,
  BicycleUnetAddAll,
  BicycleUnetAddInput,
  init_bicycle_weights,
} from '../../gan/networks';
import type { Place } from '../../train';
import type { BicycleGANOptions } from './options';

/** A discriminator with its optimizer. */
export interface Judge {
  net: BicycleMultiScaleDiscriminator;
  optimizer: Adam;
}

/** Everything that BicycleGAN trains. `D` judges encoded fakes, `D2` random ones. */
export interface BicycleGANNetworks {
  G: BicycleUnetAddAll | BicycleUnetAddInput;
  E: BicycleResNetEncoder | BicycleConvEncoder;
  optimizer_G: Adam;
  optimizer_E: Adam;
  D: Judge | undefined;
  D2: Judge | undefined;
}

/** Makes them for images of `size`. */
export function networksFor(options: BicycleGANOptions, size: number, place: Place): BicycleGANNetworks {
  const { channels, nz, norm, nl, upsample, use_dropout, lr, beta1, num_Ds } = options;
  const { num_downs, n_blocks, n_layers } = bicycle_levels(size);
  const ready = <Net extends Module>(net: Net): Net => place.network(init_bicycle_weights(net, options));
  const image = { input_nc: channels, output_nc: channels, nz, num_downs, ngf: options.ngf };
  const unet = { ...image, norm, nl, upsample, use_dropout };
  const G = options.where_add === 'all' ? ready(new BicycleUnetAddAll(unet)) : ready(new BicycleUnetAddInput(unet));
  const seen = options.conditional_D ? 2 * channels : channels;
  const judge = () =>
    ready(new BicycleMultiScaleDiscriminator({ input_nc: seen, ndf: options.ndf, n_layers, norm, num_D: num_Ds }));
  const D = options.lambda_GAN > 0 ? judge() : undefined;
  const D2 = options.lambda_GAN2 > 0 && !options.use_same_D ? judge() : undefined;
  const encoder = { input_nc: channels, output_nc: nz, ndf: options.nef, n_blocks, norm };
  const E =
    options.netE === 'resnet' ? ready(new BicycleResNetEncoder(encoder)) : ready(new BicycleConvEncoder(encoder));
  const adam = (net: Module) => place.adam(net.parameters(), { lr, betas: [beta1, 0.999] });
  const judged = (net: BicycleMultiScaleDiscriminator | undefined) => net && { net, optimizer: adam(net) };
  const [optimizer_G, optimizer_E] = [adam(G), adam(E)];
  return { G, E, optimizer_G, optimizer_E, D: judged(D), D2: judged(D2) };
}
