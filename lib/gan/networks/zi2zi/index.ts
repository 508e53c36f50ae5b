/** zi2zi: a character in one font to the same character in others. */
export * from './discriminator';
export * from './generator';
export * from './pixel_shuffle_generator';
export * from './tensorflow';
export { zi2zi_from_tensorflow, zi2zi_tensorflow_init } from './tensorflow_layers';
