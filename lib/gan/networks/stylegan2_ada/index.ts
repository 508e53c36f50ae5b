/** StyleGAN2's networks, configuration F, with the names of their authors' PyTorch edition (ADA's). */
export { StyleGAN2ADADiscriminator, type StyleGAN2ADADiscriminatorOptions } from './discriminator';
export { type StyleGAN2ADACall, StyleGAN2ADAGenerator, type StyleGAN2ADAGeneratorOptions } from './generator';
export { StyleGAN2ADAMapping, type StyleGAN2ADAMappingCall, type StyleGAN2ADAMappingOptions } from './mapping';
export { load_stylegan2_ada, type StyleGAN2ADANetworks } from './pickle';
export type { StyleGAN2ADASizes } from './sizes';
export { StyleGAN2ADASynthesis, type StyleGAN2ADASynthesisCall, type StyleGAN2ADASynthesisOptions } from './synthesis';
