/**
 * `torch.nn.modules`: the layers, a line for each of PyTorch's files, here a file or a folder of the same name. It exports
 * what Python's file has, and nothing else: what files share among them lies beside it.
 */
export * as activation from './activation';
export * as adaptive from './adaptive';
export * as batchnorm from './batchnorm';
export * as channelshuffle from './channelshuffle';
export * as container from './container';
export * as conv from './conv';
export * as distance from './distance';
export * as dropout from './dropout';
export * as flatten from './flatten';
export * as fold from './fold';
export * as instancenorm from './instancenorm';
export * as lazy from './lazy';
export * as linear from './linear';
export * as loss from './loss';
export * as module from './module';
export * as normalization from './normalization';
export * as padding from './padding';
export * as pixelshuffle from './pixelshuffle';
export * as pooling from './pooling';
export * as rnn from './rnn';
export * as sparse from './sparse';
export * as transformer from './transformer';
export * as upsampling from './upsampling';
export * as utils from './utils';
