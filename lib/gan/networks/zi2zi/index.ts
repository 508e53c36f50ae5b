/** zi2zi: a character in one font to the same character in others. */
export * from './discriminator';
export * from './generator';
export * from './pixel_shuffle_generator';
