/** `torch.nn`: layers, losses, parameters, and the functions behind them. */
import './places';

export type { KeywordsOf } from '../call';
export * as attention from './attention';
export { factory_kwargs } from './factory_kwargs';
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
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  LazyBatchNorm1d,
  LazyBatchNorm2d,
  LazyBatchNorm3d,
  SyncBatchNorm,
} from './modules/batchnorm';
export * from './modules/channelshuffle';
export * from './modules/container';
export {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  LazyConv1d,
  LazyConv2d,
  LazyConv3d,
  LazyConvTranspose1d,
  LazyConvTranspose2d,
  LazyConvTranspose3d,
  type PaddingMode,
} from './modules/conv';
export * from './modules/distance';
export { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from './modules/dropout';
export * from './modules/flatten';
export * from './modules/fold';
export {
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  LazyInstanceNorm1d,
  LazyInstanceNorm2d,
  LazyInstanceNorm3d,
} from './modules/instancenorm';
export { Bilinear, Identity, LazyLinear, Linear } from './modules/linear';
export {
  BCELoss,
  BCEWithLogitsLoss,
  CosineEmbeddingLoss,
  CrossEntropyLoss,
  CTCLoss,
  GaussianNLLLoss,
  HingeEmbeddingLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  LinearCrossEntropyLoss,
  MarginRankingLoss,
  MSELoss,
  MultiLabelMarginLoss,
  MultiLabelSoftMarginLoss,
  MultiMarginLoss,
  NLLLoss,
  NLLLoss2d,
  PoissonNLLLoss,
  SmoothL1Loss,
  SoftMarginLoss,
  TripletMarginLoss,
  TripletMarginWithDistanceLoss,
} from './modules/loss';
export { Module } from './modules/module';
export * from './modules/normalization';
export * from './modules/padding';
export * from './modules/pixelshuffle';
export * from './modules/pooling';
export * from './modules/rnn';
export * from './modules/sparse';
export * from './modules/transformer';
export * from './modules/upsampling';
export * as parallel from './parallel';
export { DataParallel } from './parallel';
export * as parameter from './parameter';
export { Buffer, Parameter, UninitializedBuffer, UninitializedParameter } from './parameter';
export * as utils from './utils';
