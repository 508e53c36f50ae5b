/** `torch.nn.utils`: what is done with the parameters of modules, and packed sequences. */
export * from './clip_grad';
export * from './convert_parameters';
export * from './fusion';
export { skip_init } from './init';
export * from './memory_format';
export * as parametrizations from './parametrizations';
export * as parametrize from './parametrize';
export * as prune from './prune';
export * as rnn from './rnn';
export { remove_spectral_norm, spectral_norm } from './spectral_norm';
export * as stateless from './stateless';
export { remove_weight_norm, weight_norm } from './weight_norm';
