/** The networks of BicycleGAN, and the small ones of document 2's own variant. */
export * from './discriminator';
export * from './document2';
export * from './encoder_conv';
export * from './encoder_resnet';
export * from './init';
export type { BicycleActivation, BicycleNorm, BicycleUpsample } from './layers';
export * from './sizes';
export * from './unet_add_all';
export * from './unet_add_input';
export type { BicycleUnetOptions } from './unet_plan';
