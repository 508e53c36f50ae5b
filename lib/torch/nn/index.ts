/** `torch.nn`: layers, losses, parameters, and the functions behind them. */
import './places';

export { LeakyReLU, ReLU, Sigmoid, Tanh } from './modules/activation';
export type { KeywordsOf } from '../call';
export type { FactoryOptions } from './module/factory';
export { BatchNorm1d, BatchNorm2d } from './modules/batchnorm';
export { Conv2d, type PaddingMode } from './modules/conv';
export { ConvTranspose2d } from './modules/conv_transpose';
export type { ConversionOptions } from './module/conversion';
export { Dropout } from './modules/dropout';
export { Embedding } from './modules/sparse';
export { Flatten, Unflatten } from './modules/flatten';
export * as functional from './functional';
export * as grad from './functional/grad';
export * as init from './init';
export { Linear } from './modules/linear';
export {
  type AccumulationPolicy,
  LinearCrossEntropyOptions,
  type LinearCrossEntropySettings,
} from './functional/linear_cross_entropy/options';
export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  L1Loss,
  Loss,
  MSELoss,
} from './modules/loss';
export { Module } from './module/module';
export { ModuleList } from './modules/module_list';
export type { NamedOptions } from './module/tree';
export { Parameter } from './parameter';
export { type Layer, Sequential } from './modules/sequential';
export type { IncompatibleKeys, StateDict, StateDictOptions, StateSource } from './module/state_dict';
