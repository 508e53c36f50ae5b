/** lucidrains' StyleGAN2 (https://github.com/lucidrains/stylegan2-pytorch, MIT): networks and what they are fed with. */
export { load_stylegan2, stylegan2_options } from './checkpoint';
export { StyleGAN2Discriminator } from './discriminator';
export { StyleGAN2Generator } from './generator';
export type { StyleGAN2DiscriminatorOptions, StyleGAN2GeneratorOptions, StyleGAN2ImageOptions } from './options';
export { VectorQuantize, type VectorQuantizeOptions } from './quantize';
export { StyleVectorizer } from './style_vectorizer';
export { StyleGAN2, type StyleGAN2Options } from './stylegan2';
export {
  generate_truncated,
  image_noise,
  latent_noise,
  latent_to_w,
  mean_style,
  mixed_list,
  noise_list,
  slerp,
  type StyleDefinition,
  styles_def_to_tensor,
  type TruncationOptions,
} from './styles';
