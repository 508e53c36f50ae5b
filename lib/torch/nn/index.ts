/** `torch.nn`: layers, losses, parameters, and the functions behind them. */
export { type InplaceOptions, LeakyReLU, type LeakyReLUOptions, ReLU, Sigmoid, Tanh } from './modules/activation';
export type { Arguments, FactoryOptions } from './module/arguments';
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from './modules/batchnorm';
export { Conv2d, type Conv2dOptions, type PaddingMode } from './modules/conv';
export { ConvTranspose2d, type ConvTranspose2dOptions } from './modules/conv_transpose';
export type { ConversionOptions } from './module/conversion';
export { Dropout } from './modules/dropout';
export { Embedding, type EmbeddingLookupOptions, type EmbeddingOptions } from './modules/sparse';
export { Flatten, Unflatten } from './modules/flatten';
export * as functional from './functional';
export * as grad from './functional/grad';
export * as init from './init';
export { Linear, type LinearOptions } from './modules/linear';
export {
  type AccumulationPolicy,
  LinearCrossEntropyOptions,
  type LinearCrossEntropySettings,
} from './functional/linear_cross_entropy/options';
export {
  BCELoss,
  BCEWithLogitsLoss,
  type CrossEntropyOptions,
  CrossEntropyLoss,
  L1Loss,
  type LogitLossOptions,
  Loss,
  type LossOptions,
  MSELoss,
  type WeightedLossOptions,
} from './modules/loss';
export { Module } from './module/module';
export { ModuleList } from './modules/module_list';
export type { NamedOptions } from './module/tree';
export { Parameter } from './parameter';
export { type Layer, Sequential } from './modules/sequential';
export type { IncompatibleKeys, StateDict, StateDictOptions, StateSource } from './module/state_dict';
