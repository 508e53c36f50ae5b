/** `torch.nn`: layers, losses, parameters, and the functions behind them. */
import './places';

export type { KeywordsOf } from '../call';
export * as functional from './functional';
export * as grad from './functional/grad';
export {
  type AccumulationPolicy,
  LinearCrossEntropyOptions,
  type LinearCrossEntropySettings,
} from './functional/linear_cross_entropy/options';
export * as init from './init';
export type { ConversionOptions } from './module/conversion';
export type { FactoryOptions } from './module/factory';
export type { HookGradients } from './module/backward_hooks';
export type { IncompatibleKeys } from './module/load_state_dict';
export type { StateDict, StateDictOptions, StateSource } from './module/state_dict';
export type { LoadArguments, LoadedState, LocalMetadata } from './module/state_hooks';
export type { NamedOptions } from './module/tree';
export * as modules from './modules';
export * from './modules/activation';
export * from './modules/adaptive';
export * from './modules/batchnorm';
export * from './modules/channelshuffle';
export * from './modules/container';
export * from './modules/conv';
export * from './modules/distance';
export * from './modules/dropout';
export * from './modules/flatten';
export * from './modules/fold';
export * from './modules/instancenorm';
export * from './modules/linear';
export * from './modules/loss';
export { Module } from './modules/module';
export * from './modules/normalization';
export * from './modules/padding';
export * from './modules/pixelshuffle';
export * from './modules/pooling';
export * from './modules/rnn';
export * from './modules/sparse';
export * from './modules/upsampling';
export * as parameter from './parameter';
export { Buffer, Parameter, UninitializedBuffer, UninitializedParameter } from './parameter';
export * as utils from './utils';
