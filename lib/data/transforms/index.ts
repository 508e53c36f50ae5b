/** `transforms`: torchvision's, of tensors. */
export { Compose, Lambda, RandomApply, RandomChoice, RandomOrder } from './composed';
export * from './fixed';
export * as functional from './functional';
export type { InterpolationMode, Padding, PaddingMode, Size } from './geometry';
export * from './random';
export { type Step, Transform } from './transform';
