/** `torch.nn`: layers, losses, parameters, and the functions behind them. */
export { type InplaceOptions, LeakyReLU, type LeakyReLUOptions, ReLU, Sigmoid, Tanh } from './activation';
export type { Arguments, FactoryOptions } from './arguments';
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from './batchnorm';
export { Conv2d, type Conv2dOptions, type PaddingMode } from './conv';
export { ConvTranspose2d, type ConvTranspose2dOptions } from './conv_transpose';
export type { ConversionOptions } from './conversion';
export { Dropout } from './dropout';
export { Embedding, type EmbeddingLookupOptions, type EmbeddingOptions } from './embedding';
export { Flatten, Unflatten } from './flatten';
export * as functional from './functional';
export * as grad from './grad';
export * as init from './init';
export { Linear, type LinearOptions } from './linear';
export {
  type AccumulationPolicy,
  LinearCrossEntropyOptions,
  type LinearCrossEntropySettings,
} from './linear_cross_entropy/options';
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
} from './loss';
export { Module } from './module';
export { ModuleList } from './module_list';
export type { NamedOptions } from './module_tree';
export { Parameter } from './parameter';
export { type Layer, Sequential } from './sequential';
export type { IncompatibleKeys, StateDict, StateDictOptions, StateSource } from './state_dict';
