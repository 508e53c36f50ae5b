/** What a step works on. */
import type { Tensor } from 'isotorch';
import type { Adam } from 'isotorch/optim';
import type { HostPathLengthMean } from '../../gan';
import {
  image_noise,
  latent_to_w,
  type mixed_list,
  type noise_list,
  type StyleDefinition,
  type StyleGAN2,
  styles_def_to_tensor,
} from '../../gan/networks';
import type { Place } from '../../train';
import type { Augmenting } from './augment';
import type { StyleGAN2RecipeOptions } from './options';

/** Networks, optimizers, and what is known of them. */
export interface StyleGAN2Training {
  readonly GAN: StyleGAN2;
  readonly optimizer_G: Adam;
  readonly optimizer_D: Adam;
  readonly path_length: HostPathLengthMean;
  /** With the preset's values. */
  readonly options: StyleGAN2RecipeOptions;
  readonly augmenting: Augmenting;
  readonly place: Place;
  /** Samples of the data set. */
  readonly count: number;
  /** How latents are drawn: the generator's part of a step draws as D's last batch did. */
  draw: typeof mixed_list | typeof noise_list;
}

/** Styles of fresh latents, and their images with fresh noise. */
export function generated({ GAN, options, place: { device }, draw }: StyleGAN2Training): {
  styles: Tensor;
  images: Tensor;
} {
  const { batch_size, latent_dim } = options;
  const latents: StyleDefinition[] = draw(batch_size, GAN.G.num_layers, latent_dim, device);
  const noise = image_noise(batch_size, GAN.G.image_size, device);
  const styles = styles_def_to_tensor(latent_to_w(GAN.S, latents));
  return { styles, images: GAN.G(styles, noise) };
}
