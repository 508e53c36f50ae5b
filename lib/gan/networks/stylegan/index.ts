/** StyleGAN's networks (Karras et al. 2019, https://arxiv.org/abs/1812.04948), which grow with training. */
export { StyleGANDiscriminator, type StyleGANDiscriminatorOptions } from './discriminator';
export { type StyleGANCall, StyleGANGenerator, type StyleGANGeneratorOptions } from './generator';
export { StyleGANMapping, type StyleGANMappingOptions } from './mapping';
export { load_stylegan, type StyleGANNetworks } from './pickle';
export type { FusedScale, StyleGANSizes } from './sizes';
export type { NoiseMode } from './styled_layer';
export { StyleGANSynthesis, type StyleGANSynthesisOptions, type SynthesisCall } from './synthesis';
export { stylegan_from_tensorflow } from './tensorflow';
